//! `/ask` and `/ask/<conversation>`: the one page.

use shared_ui::{
    components::{ProblemNoteProps, problem_note},
    hooks::{
        lean::{State, use_state_eq},
        use_host, use_query, use_title,
    },
    kit::NavigateMode,
    tag::{Tag, tag},
};
use yew::prelude::*;

use crate::{
    arrival::Arrival,
    client::{self, Found, Wanted},
    components::{
        Composing, Conversations, composer, conversations, landing, missing, older, pinned_story,
        reading, show,
    },
    handover::{Handover, use_hand_over, use_handover},
    hooks::{Followed, Place, use_arrival, use_conversation, use_draft, use_follow},
    transcript::{Action, Transcript},
    ways::{All, Now, Ways},
};

/// Renders the conversation, or what invites to one, over the field for the next question and beside the other
/// conversations. Esc stops an answer.
///
/// A hook and not a component, whose machinery would cost 600 bytes (brotli) more.
#[hook]
pub(crate) fn use_page() -> Html {
    let host = use_host();
    let Handover { draft, asking } = use_handover();
    let followed = use_mut_ref(Followed::default);
    let transcript = {
        let followed = followed.clone();
        use_conversation(move || followed.borrow_mut().before = Place::now())
    };
    let (draft, on_draft) = use_draft(draft);
    use_hand_over(&transcript, &draft);
    let ways = Ways::from(All {
        host: host.clone(),
        act: {
            let setter = transcript.setter();
            Callback::from(move |action| setter.dispatch(action))
        },
        draft: on_draft.clone(),
        now: use_mut_ref(|| Now { first: asking, ..Now::default() }),
    });
    let arrival = use_arrival(&ways);
    let (list, field) = (use_node_ref(), use_node_ref());
    use_follow(&list, &transcript, &followed);
    let changes = use_state_eq(|| 0);
    let known = use_query(Wanted::Conversations(transcript.news() + *changes), client::find);
    let known = known.data.ready().cloned();
    let empty = transcript.turns().is_empty();
    let new = empty && arrival.conversation.is_none();
    let starters = use_query(if new { Wanted::Starters } else { Wanted::Nothing }, client::find);
    let current = AttrValue::from(transcript.conversation().unwrap_or_default().to_owned());
    let chat = known.as_deref().and_then(Found::chats).and_then(|chats| chats.find(&current));
    let title = chat.map(|chat| chat.title.to_string());
    use_title(match &title {
        Some(title) => [title, " – Ask"].concat().into(),
        None => "Ask".into(),
    });

    let running = transcript.running();
    ways.now.borrow_mut().message =
        running.map(|turn| turn.answer.message_id.clone()).unwrap_or_default();
    let running = running.is_some();
    let on_stop = {
        let ways = ways.clone();
        Callback::from(move |()| ways.stop())
    };
    let on_key = {
        let on_stop = on_stop.clone();
        Callback::from(move |event: KeyboardEvent| {
            if running && event.key() == "Escape" && !event.is_composing() {
                on_stop.emit(());
            }
        })
    };
    let on_send = {
        let ways = ways.clone();
        Callback::from(move |question| {
            ways.draft.emit(AttrValue::Static(""));
            ways.ask(question);
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
        let changes = changes.setter();
        Callback::from(move |()| changes.update(|changes| changes + 1))
    };
    let gone = empty && transcript.problem().is_some_and(|problem| problem.status == 404);
    let main = tag("div", "ask-main");
    let main = match (gone, new) {
        (true, _) => main.add(missing(&host)),
        (false, true) => main.add(landing(&starters, &ways)),
        (false, false) => main.add(tag("h1", "ask-title").text(&heading(title, &transcript)).end()),
    };
    let turns = turns(&transcript, &ways, !new && !gone).node(&list);
    let composing =
        Composing { draft, running, field, on_draft, on_ask: on_send, on_stop, above: pinned };
    let (class, end) = match (gone, transcript.read_only()) {
        (true, _) => ("page ask-page", None),
        (false, true) => ("page ask-page is-reading", Some(reading(&host))),
        (false, false) => ("page ask-page", Some(composer(composing))),
    };
    let main = main.maybe(top(&transcript)).add(turns.end()).maybe(end);
    tag("div", class)
        .key_down(on_key)
        .add(conversations(Conversations { known, current, on_change }))
        .add(main.end())
        .end()
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
fn top(transcript: &State<Transcript>) -> Option<Html> {
    let setter = transcript.setter();
    if let Some(problem) = transcript.problem().filter(|problem| problem.status != 404) {
        let retry = Callback::from(move |()| setter.dispatch(Action::Refreshed));
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
            .click(Callback::from(move |_| setter.dispatch(Action::Earlier)))
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
    part.add(older(transcript.older(), ways))
        .all(transcript.turns().iter().map(|turn| show(turn, ways)))
}
