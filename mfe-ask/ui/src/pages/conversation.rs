//! `/ask`: the one page.

use std::rc::Rc;

use shared_ui::{
    hooks::{use_host, use_restored, use_save, use_title},
    kit::NavigateMode,
};
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::{
    arrival::Arrival,
    components::{Composer, Landing, PinnedStory, TurnView},
    draft::Fit,
    handover::Handover,
    hooks::{use_arrival, use_conversation, use_draft, use_follow},
    transcript::{Action, Transcript, Turn},
};

/// The conversation, or what invites to one, over the field for the next question. Esc stops an answer.
#[component]
pub(crate) fn Conversation() -> Html {
    use_title("Ask".into());
    let host = use_host();
    let restored: Option<Handover> = use_restored();
    let written = restored.as_ref().map(|restored| AttrValue::from(restored.draft.clone()));
    let transcript = use_conversation(restored);
    let (draft, on_draft) = use_draft(written);
    {
        let (transcript, draft) = (transcript.clone(), draft.clone());
        use_save(move || Some(Handover::of(&transcript, &draft)));
    }
    let ask = {
        let (dispatcher, on_draft) = (transcript.dispatcher(), on_draft.clone());
        move |question: AttrValue, from_story| match Fit::of(&question).sendable() {
            true => dispatcher.dispatch(Action::Asked { question, from_story }),
            // A link may ask more than the service takes; its question is there to be shortened.
            false => on_draft.emit(question),
        }
    };
    let story = use_arrival(ask.clone());
    let (list, field) = (use_node_ref(), use_node_ref());
    use_follow(list.clone(), transcript.live().map(|turn| turn.run), extent(&transcript));

    let running = transcript.running().is_some();
    let on_ask = {
        let story = story.clone();
        Callback::from(move |question| ask(question, story.clone()))
    };
    let on_send = {
        let (on_ask, on_draft) = (on_ask.clone(), on_draft.clone());
        Callback::from(move |question| {
            on_draft.emit(AttrValue::Static(""));
            on_ask.emit(question);
        })
    };
    let on_again = {
        let (dispatcher, story) = (transcript.dispatcher(), story.clone());
        Callback::from(move |()| {
            dispatcher.dispatch(Action::AskedAgain { from_story: story.clone() });
        })
    };
    let on_stop = {
        let (dispatcher, host) = (transcript.dispatcher(), host.clone());
        Callback::from(move |()| {
            dispatcher.dispatch(Action::Stopped);
            host.announce("Stopped.");
        })
    };
    let onkeydown = {
        let on_stop = on_stop.clone();
        Callback::from(move |event: KeyboardEvent| {
            if running && event.key() == "Escape" && !event.is_composing() {
                on_stop.emit(());
            }
        })
    };
    let on_clear = {
        let (dispatcher, field) = (transcript.dispatcher(), field.clone());
        Callback::from(move |_: MouseEvent| {
            dispatcher.dispatch(Action::Cleared);
            // The button goes; the focus must not go with it.
            if let Some(field) = field.cast::<HtmlElement>() {
                field.focus().ok();
            }
        })
    };
    let on_unpin =
        Callback::from(move |()| host.navigate(&Arrival::settled(None), NavigateMode::Replace));

    let turns = transcript.turns();
    html! {
        <div class="page ask-page" {onkeydown}>
            if turns.is_empty() {
                <Landing on_ask={on_ask.clone()} />
            } else {
                <header class="ask-head">
                    <h1>{ "Ask about the work" }</h1>
                    <button type="button" class="button button--quiet" onclick={on_clear}>{ "New conversation" }</button>
                </header>
            }
            <div class="ask-turns" ref={list}>
                { for turns.iter().enumerate().map(|(at, turn)| {
                    let last = at + 1 == turns.len();
                    show(turn, &on_ask, last.then(|| on_again.clone()))
                }) }
            </div>
            <Composer {draft} {running} {field} {on_draft} on_ask={on_send} {on_stop}>
                if let Some(id) = story {
                    <PinnedStory title={transcript.title_of(&id).map(|title| AttrValue::from(title.to_owned()))}
                        {id} on_remove={on_unpin} />
                }
            </Composer>
        </div>
    }
}

fn show(turn: &Rc<Turn>, on_ask: &Callback<AttrValue>, on_again: Option<Callback<()>>) -> Html {
    html! { <TurnView key={turn.run} turn={turn.clone()} on_ask={on_ask.clone()} {on_again} /> }
}

/// Changes whenever the newest turn grows or ends.
fn extent(transcript: &Transcript) -> usize {
    let ended = usize::from(transcript.running().is_none());
    transcript.live().map_or(0, |turn| 2 * (turn.text.len() + turn.sources.len()) + ended)
}

#[cfg(test)]
mod tests {
    use shared_ui::kit::{Host, HostProvider};
    use yew::prelude::*;

    use super::Conversation;

    #[derive(Clone, PartialEq, Properties)]
    struct AtProps {
        address: AttrValue,
    }

    #[component]
    fn At(props: &AtProps) -> Html {
        html! { <HostProvider host={Host::fixed(&props.address)}><Conversation /></HostProvider> }
    }

    async fn render(address: &'static str) -> String {
        let props = AtProps { address: address.into() };
        yew::LocalServerRenderer::<At>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn before_the_first_question_the_page_invites_to_one() {
        let html = render("/ask").await;
        assert_eq!(html.matches("<h1>").count(), 1, "{html}");
        for part in ["quotes the stories", "aria-busy=\"true\"", "<textarea", "<span>Send</span>"] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("About:") && !html.contains("New conversation"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_story_in_the_address_is_pinned() {
        assert!(render("/ask?story=berths-by-noon").await.contains("About: Berths by noon"));
    }
}
