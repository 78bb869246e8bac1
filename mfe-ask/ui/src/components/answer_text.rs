//! The words of an answer.

use std::rc::Rc;

use mfe_ask_api::Source;
use yew::prelude::*;

use crate::segments::{Segment, paragraphs};

/// Props of [`AnswerText`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct AnswerTextProps {
    /// With marks.
    pub(crate) text: AttrValue,
    /// What the marks refer to; a mark whose source has not come yet is not pressable.
    pub(crate) sources: Rc<[Source]>,
    /// Called with a mark's number.
    pub(crate) on_mark: Callback<usize>,
}

/// Paragraphs; each mark is a small button, named after its source.
#[component]
pub(crate) fn AnswerText(props: &AnswerTextProps) -> Html {
    let paragraph = |segments: Vec<Segment<'_>>| {
        html! { <p>{ for segments.into_iter().map(|segment| show(props, segment)) }</p> }
    };
    html! { <div class="ask-text">{ for paragraphs(&props.text).into_iter().map(paragraph) }</div> }
}

fn show(props: &AnswerTextProps, segment: Segment<'_>) -> Html {
    match segment {
        Segment::Text(text) => html! { { text } },
        Segment::Cited(word, marks) => html! {
            <span class="ask-cited">{ word }{ for marks.into_iter().map(|number| mark(props, number)) }</span>
        },
    }
}

fn mark(props: &AnswerTextProps, number: usize) -> Html {
    let Some(source) = number.checked_sub(1).and_then(|at| props.sources.get(at)) else {
        return html! { <sup class="ask-mark">{ number }</sup> };
    };
    let label = ["Source ", &number.to_string(), ": ", &source.title].concat();
    let onclick = props.on_mark.reform(move |_: MouseEvent| number);
    html! {
        <sup><button type="button" class="ask-mark" aria-label={label} {onclick}>{ number }</button></sup>
    }
}

#[cfg(test)]
mod tests {
    use mfe_ask_api::Source;
    use yew::prelude::*;

    use super::{AnswerText, AnswerTextProps};

    async fn render(text: &'static str, sources: Vec<Source>) -> String {
        let props = AnswerTextProps {
            text: text.into(),
            sources: sources.into(),
            on_mark: Callback::noop(),
        };
        yew::LocalServerRenderer::<AnswerText>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn marks_are_buttons_named_after_their_source() {
        let source = Source {
            id: "ledger".to_owned(),
            title: "The Ledger".to_owned(),
            client: "Northbank".to_owned(),
            score: 1.0,
            quotes: Vec::new(),
        };
        let html = render("It ended. [1]\n\nWell. [2]", vec![source]).await;
        for part in [
            "<p>It <span class=\"ask-cited\">ended.<sup><button",
            "aria-label=\"Source 1: The Ledger\"",
            ">1</button></sup></span></p>",
            "<p><span class=\"ask-cited\">Well.<sup class=\"ask-mark\">2</sup></span></p>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn markup_in_an_answer_is_text() {
        let html = render("<b>x</b> [1]", Vec::new()).await;
        assert!(html.contains("&lt;b&gt;x&lt;/b&gt;"), "{html}");
    }
}
