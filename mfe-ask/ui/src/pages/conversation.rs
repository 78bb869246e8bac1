//! `/ask` and `/ask/<conversation>`: the one page.

use mfe_ask_api::STOP;
use shared_ui::{
    client::change,
    components::{ProblemNoteProps, problem_note},
    hooks::{use_host, use_query, use_restored, use_save, use_title},
    kit::{Host, NavigateMode},
    tag::{Tag, tag},
};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    arrival::Arrival,
    client::{self, Found, Wanted, body},
    components::{
        Composing, Conversations, Older, Ways, composer, landing, missing, pinned_story, show,
    },
    draft::Fit,
    handover::Handover,
    hooks::{Place, use_arrival, use_conversation, use_draft, use_follow},
    transcript::{Action, Transcript},
};

/// What a callback needs to know at the time at which it is called, so that it can stay the same: another one
/// would make each turn anew.
#[derive(Default)]
struct Now {
    story: Option<AttrValue>,
    running: String,
}

/// The conversation, or what invites to one, over the field for the next question and beside the other
/// conversations. Esc stops an answer.
#[component]
pub(crate) fn Conversation() -> Html {
    let host = use_host();
    let restored: Handover = use_restored().unwrap_or_default();
    let before = use_mut_ref(Place::default);
    let transcript = {
        let before = before.clone();
        use_conversation(move || *before.borrow_mut() = Place::now())
    };
    let (draft, on_draft) = use_draft(restored.draft);
    {
        let (transcript, draft) = (transcript.clone(), draft.clone());
        use_save(move || Some(Handover::of(&transcript, &draft)));
    }
    let now = use_mut_ref(Now::default);
    let ask = {
        let (dispatcher, on_draft) = (transcript.dispatcher(), on_draft.clone());
        let (host, now) = (host.clone(), now.clone());
        use_callback((), move |question: AttrValue, ()| {
            // A link may ask more than the service takes; its question is there to be shortened.
            if !Fit::of(&question).sendable() {
                return on_draft.emit(question);
            }
            let Now { story, running } = &*now.borrow();
            stop(&host, running);
            dispatcher.dispatch(Action::Asked { question, from_story: story.clone() });
        })
    };
    let arrival = use_arrival(transcript.dispatcher(), ask.clone());
    {
        let ask = ask.clone();
        use_effect_with((), move |()| {
            if !restored.asking.is_empty() {
                ask.emit(restored.asking.into());
            }
        });
    }
    let again = {
        let dispatcher = transcript.dispatcher();
        use_callback((), move |run: u32, ()| dispatcher.dispatch(Action::AskedAgain(run)))
    };
    let (list, field) = (use_node_ref(), use_node_ref());
    use_follow(&list, &transcript, &before);
    let changes = use_state_eq(|| 0);
    let conversations =
        use_query(Wanted::Conversations(transcript.news() + *changes), client::find);
    let all = match conversations.data.ready().map(|found| &**found) {
        Some(Found::Conversations(all)) => all.clone(),
        _ => Vec::new(),
    };
    let empty = transcript.turns().is_empty();
    let new = empty && arrival.conversation.is_none();
    let starters = use_query(if new { Wanted::Starters } else { Wanted::Nothing }, client::find);
    let current = AttrValue::from(transcript.conversation().unwrap_or_default().to_owned());
    let title = all.iter().find(|one| *one.id == *current).map(|one| one.title.clone());
    use_title(match &title {
        Some(title) => [title, " – Ask"].concat().into(),
        None => "Ask".into(),
    });

    let running = transcript.running().cloned();
    *now.borrow_mut() = Now {
        story: arrival.story.clone(),
        running: running.as_ref().map(|it| it.answer.message_id.clone()).unwrap_or_default(),
    };
    let on_stop = {
        let (dispatcher, host, now) = (transcript.dispatcher(), host.clone(), now.clone());
        Callback::from(move |()| {
            stop(&host, &now.borrow().running);
            dispatcher.dispatch(Action::Stopped);
            host.announce("Stopped.");
        })
    };
    let is_running = running.is_some();
    let on_key = {
        let on_stop = on_stop.clone();
        Callback::from(move |event: KeyboardEvent| {
            if is_running && event.key() == "Escape" && !event.is_composing() {
                on_stop.emit(());
            }
        })
    };
    let on_send = {
        let (ask, on_draft) = (ask.clone(), on_draft.clone());
        Callback::from(move |question| {
            on_draft.emit(AttrValue::Static(""));
            ask.emit(question);
        })
    };
    let pinned = arrival.story.as_ref().map(|story| {
        let conversation = arrival.conversation.clone();
        let host = host.clone();
        let on_remove = Callback::from(move |_| {
            let path = Arrival::settled(conversation.as_deref(), None);
            host.navigate(&path, NavigateMode::Replace);
        });
        pinned_story(story, transcript.title_of(story), on_remove)
    });
    let on_change = {
        let changes = changes.clone();
        Callback::from(move |()| changes.set(*changes + 1))
    };
    let ways = Ways { host: host.clone(), ask, again };
    let gone = empty && transcript.problem().is_some_and(|problem| problem.status == 404);
    let main = tag("div", "ask-main");
    let main = match (gone, new) {
        (true, _) => main.add(missing(&host)),
        (false, true) => main.add(landing(&starters, &ways.ask)),
        (false, false) => main.add(tag("h1", "ask-title").text(&heading(title, &transcript)).end()),
    };
    let turns = turns(&transcript, &ways, !new && !gone).node(&list);
    let composing = Composing {
        draft,
        running: is_running,
        field,
        on_draft,
        on_ask: on_send,
        on_stop,
        above: pinned,
    };
    let main = main
        .maybe(top(&transcript))
        .add(turns.end())
        .maybe((!gone).then(|| composer(composing)));
    tag("div", "page ask-page")
        .key_down(on_key)
        .add(html! { <Conversations list={all} {current} {on_change} /> })
        .add(main.end())
        .end()
}

/// Ends an answer that is being made, if there is one; it is kept as far as it got.
fn stop(host: &Host, message: &str) {
    if !message.is_empty() {
        let (host, body) = (host.clone(), body(&[("message_id", message)]));
        // What fails to stop ends by itself.
        spawn_local(async move { drop(change(&host, "POST", STOP, Some(&body)).await) });
    }
}

/// What a conversation is called: as in the list, until that is there by its first question.
fn heading(title: Option<String>, transcript: &Transcript) -> String {
    let first = || {
        let first = transcript.turns().first().filter(|_| !transcript.has_earlier())?;
        Some(first.question.to_string())
    };
    title.or_else(first).unwrap_or_else(|| "Your conversation".to_owned())
}

/// What stands above the first turn: the way to what was before, or why there is nothing.
fn top(transcript: &UseReducerHandle<Transcript>) -> Option<Html> {
    let dispatcher = transcript.dispatcher();
    if let Some(problem) = transcript.problem().filter(|problem| problem.status != 404) {
        let retry = Callback::from(move |()| dispatcher.dispatch(Action::Refreshed));
        return Some(problem_note(&ProblemNoteProps {
            what: "This conversation could not be loaded".into(),
            problem: problem.clone(),
            on_retry: Some(retry),
        }));
    }
    transcript.has_earlier().then(|| {
        let fetching = transcript.recalling().is_some();
        let label = if fetching { "Loading…" } else { "Show earlier questions" };
        tag("button", "ask-earlier button button--quiet")
            .set("type", "button")
            .click(Callback::from(move |_| dispatcher.dispatch(Action::Earlier)))
            .text(label)
            .end()
    })
}

fn turns(transcript: &Transcript, ways: &Ways, awaited: bool) -> Tag {
    let part = tag("div", "ask-turns");
    if transcript.turns().is_empty() && awaited && transcript.problem().is_none() {
        let line = || tag("div", "skeleton skeleton--text").end();
        return part.set("aria-busy", "true").add(line()).add(line());
    }
    let older = html! { <Older key="older" turns={transcript.older().clone()} ways={ways.clone()} /> };
    part.add(older).all(transcript.turns().iter().map(|turn| show(turn, ways)))
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
        for part in ["rests on a story", "aria-busy=\"true\"", "<textarea", "<span>Send</span>"] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("About:"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_conversation_in_the_address_is_awaited() {
        let html = render("/ask/c-1").await;
        assert!(html.contains("Your conversation</h1>"), "{html}");
        assert!(html.contains("skeleton--text") && !html.contains("ask-landing"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_story_in_the_address_is_pinned() {
        assert!(render("/ask?story=berths-by-noon").await.contains("About: Berths by noon"));
    }
}
