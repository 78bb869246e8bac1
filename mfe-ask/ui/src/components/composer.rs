//! Where a question is written.

use shared_ui::components::{Icon, IconName};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::draft::{Fit, LONGEST, rows};

/// Props of [`Composer`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct ComposerProps {
    /// What is written so far.
    pub(crate) draft: AttrValue,
    /// An answer is on its way: the button stops it, and nothing is sent.
    pub(crate) running: bool,
    /// Will be the field.
    #[prop_or_default]
    pub(crate) field: NodeRef,
    /// Called with each change of the draft.
    pub(crate) on_draft: Callback<AttrValue>,
    /// Called with a question that may be sent.
    pub(crate) on_ask: Callback<AttrValue>,
    /// Called to stop.
    pub(crate) on_stop: Callback<()>,
    /// Stands above the field.
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A labelled field that grows with its text. Enter sends, Shift+Enter breaks the line.
#[component]
pub(crate) fn Composer(props: &ComposerProps) -> Html {
    let ComposerProps { draft, running, field, on_draft, on_ask, on_stop, children } = props;
    let fit = Fit::of(draft);
    let may_send = fit.sendable() && !running;
    let send = {
        let (draft, on_ask) = (draft.clone(), on_ask.clone());
        Callback::from(move |()| {
            if may_send {
                on_ask.emit(draft.trim().to_owned().into());
            }
        })
    };
    let oninput = on_draft.reform(|event: InputEvent| {
        event.target_unchecked_into::<HtmlTextAreaElement>().value().into()
    });
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            // Enter also ends the composing of a character: that one is not ours.
            if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let onsubmit = send.reform(|event: SubmitEvent| event.prevent_default());
    let (hint, invalid) = hint(fit);
    html! {
        <form class="ask-composer" {onsubmit}>
            { children.clone() }
            <div class="ask-composer__box">
                <label class="visually-hidden" for="question">{ "Your question" }</label>
                <textarea id="question" ref={field.clone()} rows={rows(draft).to_string()} value={draft.clone()}
                    placeholder="Write a question" enterkeyhint="send"
                    aria-describedby="question-hint" aria-invalid={invalid.then_some("true")} {oninput} {onkeydown} />
                { button(*running, may_send, on_stop) }
            </div>
            <p id="question-hint" class={classes!("ask-composer__hint", invalid.then_some("is-invalid"))}>{ hint }</p>
        </form>
    }
}

// One element for both, so that the focus stays when the answer ends.
fn button(running: bool, may_send: bool, on_stop: &Callback<()>) -> Html {
    let (icon, label) = if running { (IconName::Stop, "Stop") } else { (IconName::Send, "Send") };
    let onclick = running.then(|| on_stop.reform(|event: MouseEvent| event.prevent_default()));
    html! {
        <button type="submit" class="button button--primary" disabled={!running && !may_send} {onclick}>
            <Icon name={icon} /><span>{ label }</span>
        </button>
    }
}

fn hint(fit: Fit) -> (Html, bool) {
    let of_longest =
        |length: usize| [length.to_string().as_str(), " of ", &LONGEST.to_string()].concat();
    match fit {
        Fit::Empty | Fit::Fits => {
            let keys = "Enter sends, Shift+Enter starts a new line. ";
            (
                html! { <><span class="ask-composer__keys">{ keys }</span>{ "Up to 1000 characters." }</> },
                false,
            )
        }
        Fit::Nearly(length) => (html! { <>{ of_longest(length) }{ " characters" }</> }, false),
        Fit::TooLong(length) => (
            html! { <>{ of_longest(length) }{ " characters: shorten the question to send it" }</> },
            true,
        ),
    }
}

#[cfg(test)]
mod tests {
    use yew::prelude::*;

    use super::{Composer, ComposerProps};

    async fn render(draft: &str, running: bool) -> String {
        let props = ComposerProps {
            draft: draft.to_owned().into(),
            running,
            field: NodeRef::default(),
            on_draft: Callback::noop(),
            on_ask: Callback::noop(),
            on_stop: Callback::noop(),
            children: Html::default(),
        };
        yew::LocalServerRenderer::<Composer>::with_props(props).hydratable(false).render().await
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
        assert!(render("", false).await.contains("Up to 1000 characters"));
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
