//! Where a question is written.

use shared_ui::{
    components::{IconName, icon},
    tag::{tag, words},
};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::draft::{Fit, LONGEST, rows};

/// What [`composer`] shows and does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Composing {
    /// What is written so far.
    pub(crate) draft: AttrValue,
    /// An answer is on its way: the button stops it, and nothing is sent.
    pub(crate) running: bool,
    /// Will be the field.
    pub(crate) field: NodeRef,
    /// Called with each change of the draft.
    pub(crate) on_draft: Callback<AttrValue>,
    /// Called with a question that may be sent.
    pub(crate) on_ask: Callback<AttrValue>,
    /// Called to stop.
    pub(crate) on_stop: Callback<()>,
    /// Stands above the field.
    pub(crate) above: Option<Html>,
}

/// A labelled field that grows with its text. Enter sends, Shift+Enter breaks the line.
pub(crate) fn composer(composing: Composing) -> Html {
    let Composing { draft, running, field, on_draft, on_ask, on_stop, above } = composing;
    let fit = Fit::of(&draft);
    let may_send = fit.sendable() && !running;
    let send = {
        let draft = draft.clone();
        Callback::from(move |()| {
            if may_send {
                on_ask.emit(draft.trim().to_owned().into());
            }
        })
    };
    let oninput = on_draft.reform(|event: InputEvent| {
        event.target_unchecked_into::<HtmlTextAreaElement>().value().into()
    });
    let on_key = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            // Enter also ends the composing of a character: that one is not ours.
            if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let press = if running { on_stop } else { send };
    let (hint, invalid) = hint(fit);
    let label = tag("label", "visually-hidden").set("for", "question").text("Your question");
    let mut area = tag("textarea", "")
        .node(&field)
        .set("id", "question")
        .with("rows", &rows(&draft).to_string())
        .set("placeholder", "Write a question")
        .set("enterkeyhint", "send")
        .set("aria-describedby", "question-hint")
        .holds(&draft, oninput);
    if invalid {
        area = area.set("aria-invalid", "true");
    }
    // One element for both, so that the focus stays when the answer ends.
    let (drawn, does) = if running { (IconName::Stop, "Stop") } else { (IconName::Send, "Send") };
    let mut button = tag("button", "button button--primary")
        .set("type", "button")
        .click(press.reform(|_| ()))
        .add(icon(drawn))
        .with_text("span", "", does);
    if !running && !may_send {
        button = button.set("disabled", "");
    }
    let line = tag("div", "ask-composer__box")
        .add(label.end())
        .add(tag("div", "ask-composer__field").key_down(on_key).add(area.end()).end())
        .add(button.end());
    let class = if invalid { "ask-composer__hint is-invalid" } else { "ask-composer__hint" };
    tag("div", "ask-composer")
        .maybe(above)
        .add(line.end())
        .add(tag("p", class).set("id", "question-hint").add(hint).end())
        .end()
}

fn hint(fit: Fit) -> (Html, bool) {
    let of_longest = |length: usize, rest: &str| {
        words(&[&length.to_string(), " of ", &LONGEST.to_string(), " characters", rest].concat())
    };
    match fit {
        Fit::Empty | Fit::Fits => {
            let keys = "Enter sends, Shift+Enter starts a new line, Esc stops an answer.";
            (tag("span", "ask-composer__keys").text(keys).end(), false)
        }
        Fit::Nearly(length) => (of_longest(length, ""), false),
        Fit::TooLong(length) => (of_longest(length, ": shorten the question to send it"), true),
    }
}

#[cfg(test)]
mod tests {
    use shared_ui::testing;
    use yew::prelude::*;

    use super::{Composing, composer};

    async fn render(draft: &str, running: bool) -> String {
        testing::render(composer(Composing {
            draft: draft.to_owned().into(),
            running,
            field: NodeRef::default(),
            on_draft: Callback::noop(),
            on_ask: Callback::noop(),
            on_stop: Callback::noop(),
            above: None,
        }))
        .await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn only_a_question_can_be_sent() {
        for (draft, disabled) in
            [("", true), (" \n", true), ("Why?", false), (&*"a".repeat(1001), true)]
        {
            let html = render(draft, false).await;
            assert_eq!(html.contains(" disabled"), disabled, "{html}");
            assert!(html.contains("<span>Send</span>"), "{html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn while_an_answer_comes_the_button_stops_it() {
        let html = render("", true).await;
        assert!(html.contains("<span>Stop</span>") && !html.contains(" disabled"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_limit_is_told() {
        assert!(render("", false).await.contains("Enter sends"));
        assert!(render(&"a".repeat(900), false).await.contains("900 of 1000 characters"));
        let html = render(&"a".repeat(1001), false).await;
        assert!(html.contains("aria-invalid=\"true\"") && html.contains("shorten"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_field_has_a_label_and_a_description() {
        let html = render("a\nb", false).await;
        assert!(html.contains("for=\"question\"") && html.contains("id=\"question\""), "{html}");
        assert!(html.contains("aria-describedby=\"question-hint\""), "{html}");
        assert!(html.contains("rows=\"2\""), "{html}");
    }
}
