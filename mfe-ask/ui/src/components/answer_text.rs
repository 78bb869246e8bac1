//! The words of an answer, and what supports a sentence.

use mfe_ask_api::{Answer, Sentence, Source, Standing};
use shared_ui::{
    components::{IconName, icon},
    tag::{tag, words},
};
use yew::Html;

use super::view::{Change, Changes, View, on_click};
use crate::{
    segments::{Segment, paragraphs},
    ways::Ways,
};

/// Paragraphs; each mark is a small button that opens the quotation of its sentence below its paragraph. A mark
/// whose source has not come yet is not pressable.
pub(super) fn answer_text(
    ways: &Ways,
    answer: &Answer,
    text: &str,
    view: &View,
    changes: &Changes,
) -> Html {
    let mut part = tag("div", "ask-text");
    let mut marks = 0;
    for segments in paragraphs(text) {
        let first = marks;
        let mut paragraph = tag("p", "");
        for segment in segments {
            match segment {
                Segment::Text(text) => paragraph = paragraph.text(text),
                Segment::Cited(word, numbers) => {
                    let mut cited = tag("span", "ask-cited").text(word);
                    for number in numbers {
                        cited = cited.add(mark(answer, number, marks, view, changes));
                        marks += 1;
                    }
                    paragraph = paragraph.add(cited.end());
                }
            }
        }
        let open = view.mark.filter(|open| (first..marks).contains(open));
        part = part
            .add(paragraph.end())
            .maybe(open.and_then(|at| citation(ways, supported(answer, at)?, changes)));
    }
    part.end()
}

/// Returns what supports the sentence of a mark, counted from 0.
fn supported(answer: &Answer, mark: usize) -> Option<(&Sentence, &Source)> {
    let sentence = answer.sentences.get(mark)?;
    Some((sentence, answer.sources.get((sentence.source as usize).checked_sub(1)?)?))
}

fn mark(answer: &Answer, number: u32, at: usize, view: &View, changes: &Changes) -> Html {
    let number = number.to_string();
    let Some((_, source)) = supported(answer, at) else {
        return tag("sup", "ask-mark").text(&number).end();
    };
    let button = tag("button", "ask-mark")
        .set("type", "button")
        .with("aria-label", &["Source ", &number, ": ", &source.title].concat())
        .flag("aria-expanded", view.mark == Some(at))
        .click(on_click(changes, Change::Mark(at)))
        .text(&number);
    tag("sup", "").add(button.end()).end()
}

fn citation(
    ways: &Ways,
    (sentence, source): (&Sentence, &Source),
    changes: &Changes,
) -> Option<Html> {
    let close = tag("button", "ask-close")
        .set("type", "button")
        .set("aria-label", "Close the quotation")
        .click(on_click(changes, Change::Unmark))
        .add(icon(IconName::Close));
    let about = tag("p", "ask-cite__story").add(story(ways, source)).with_text(
        "span",
        "soft",
        &[", ", &source.client].concat(),
    );
    let part = tag("div", "ask-cite")
        .set("role", "group")
        .set("aria-label", "Quotation")
        .with_text("blockquote", "", &sentence.quote)
        .add(about.end())
        .maybe(standing(source))
        .add(close.end());
    Some(part.end())
}

/// Returns a source's title, as a link where there still is a story.
pub(super) fn story(ways: &Ways, source: &Source) -> Html {
    if source.standing == Standing::Gone {
        return words(&source.title);
    }
    let path = ways.host.href(&["/story/", &source.id].concat());
    tag("a", "").with("href", &path).text(&source.title).end()
}

/// Says what became of a story since it was cited.
pub(super) fn standing(source: &Source) -> Option<Html> {
    let said = match source.standing {
        Standing::Current => return None,
        Standing::Changed => "The story was edited since, and no longer says all of this.",
        Standing::Gone => "The story was removed since.",
    };
    Some(tag("p", "ask-standing").text(said).end())
}

#[cfg(test)]
mod tests {
    use mfe_ask_api::{Answer, Standing};
    use shared_ui::{hooks::lean::use_reducer, testing::render};
    use yew::prelude::*;

    use super::answer_text;
    use crate::components::{
        tests::{answer, ways},
        view::View,
    };

    #[derive(Clone, PartialEq, Properties)]
    struct TextProps {
        answer: Answer,
        mark: Option<usize>,
    }

    #[component]
    fn Text(props: &TextProps) -> Html {
        let view = use_reducer(View::default);
        let shown = View { mark: props.mark, ..*view };
        let answer = &props.answer;
        answer_text(&ways(), answer, &answer.answer, &shown, &view.setter())
    }

    async fn text(answer: Answer, mark: Option<usize>) -> String {
        render(html! { <Text {answer} {mark} /> }).await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn marks_are_buttons_named_after_the_source_of_their_sentence() {
        let html = text(answer(1), None).await;
        for part in [
            "<p>It <span class=\"ask-cited\">ended.<sup><button",
            "aria-label=\"Source 1: The ledger\" aria-expanded=\"false\"",
            "<p><span class=\"ask-cited\">Well.<sup class=\"ask-mark\">2</sup></span></p>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("blockquote"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_mark_opens_the_quotation_of_its_own_sentence_below_its_paragraph() {
        let html = text(answer(2), Some(1)).await;
        let after = html.split_once("</button></sup></span></p><div class=\"ask-cite\"").unwrap().1;
        assert!(after.contains("<blockquote>Quote of berths</blockquote>"), "{html}");
        assert!(after.contains("<a href=\"/story/berths\">The berths</a>"), "{html}");
        assert_eq!(html.matches("aria-expanded=\"true\"").count(), 1, "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_became_of_the_story_is_said() {
        for (standing, link, said) in [
            (Standing::Current, true, None),
            (Standing::Changed, true, Some("edited since")),
            (Standing::Gone, false, Some("removed since")),
        ] {
            let mut answer = answer(1);
            answer.sources[0].standing = standing;
            let html = text(answer, Some(0)).await;
            assert_eq!(html.contains("href=\"/story/ledger\""), link, "{html}");
            assert_eq!(html.contains("ask-standing"), said.is_some(), "{html}");
            assert!(said.is_none_or(|said| html.contains(said)), "{html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn markup_in_an_answer_is_text() {
        let html = text(Answer { answer: "<b>x</b> [1]".to_owned(), ..answer(0) }, None).await;
        assert!(html.contains("&lt;b&gt;x&lt;/b&gt;"), "{html}");
    }
}
