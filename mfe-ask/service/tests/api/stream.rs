//! `POST /api/ask/generate`, answered as server-sent events: their order, and going on after a lost line.

use std::time::Duration;

use axum::http::StatusCode;
use mfe_ask_api::{Answer, Meta, RefusalKind, Sources, Status, Token, event};
use mfe_ask_service::AppState;
use serde_json::json;

use crate::{
    NOWHERE, ask,
    asking::{Event, Line, STREAM, history, site, streamed},
    problem,
    scripted::{Scripted, Step, say},
    send, state, state_at, stories,
};

const WIDE: &str = "What do your rescues have in common across clients?";
const EXIT: &str = "exit-the-mainframe-northbank";

async fn all(state: &AppState, question: &str) -> Vec<Event> {
    Line::open(state, &json!({ "question": question }), None).await.rest().await
}

fn names(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.name.as_str()).collect()
}

fn written(events: &[Event]) -> String {
    let tokens = events.iter().filter(|event| event.name == event::TOKEN);
    tokens.map(|event| event.read::<Token>().text).collect()
}

#[tokio::test]
async fn tokens_make_the_answer_and_the_rest_comes_in_order() {
    let site = site().await;
    let events = all(&site.state, WIDE).await;
    let names = names(&events);
    let tokens = names.len() - 3;
    assert!(tokens > 10, "{names:?}");
    assert_eq!(names[0], event::META);
    assert!(names[1..=tokens].iter().all(|name| *name == event::TOKEN));
    assert_eq!(names[tokens + 1..], [event::SOURCES, event::DONE]);

    let meta: Meta = events[0].read();
    let sources: Sources = events[tokens + 1].read();
    let done: Answer = events[tokens + 2].read();
    assert_eq!(written(&events), done.answer);
    assert!(done.answer.contains("\n\n"), "paragraphs survive: {}", done.answer);
    assert_eq!((sources.sources, sources.sentences), (done.sources, done.sentences));
    assert_eq!(
        (&meta.conversation_id, &meta.message_id),
        (&done.conversation_id, &done.message_id)
    );
    for (number, event) in events.iter().enumerate() {
        assert_eq!(event.id, format!("{}:{number}", meta.message_id));
    }
}

#[tokio::test]
async fn a_refusal_streams_without_tokens() {
    let events = all(&state(), "asdkjh qwpoeiu zmxn").await;
    assert_eq!(names(&events), [event::META, event::SOURCES, event::DONE]);
    assert_eq!(events[1].read::<Sources>(), Sources { sources: vec![], sentences: vec![] });
    assert_eq!(events[2].read::<Answer>().refusal.unwrap().kind, RefusalKind::Nonsense);
}

#[tokio::test]
async fn bad_input_is_a_problem_before_any_event() {
    let response = send(state(), ask(STREAM, r#"{"question":""}"#)).await;
    let problem = problem(response, StatusCode::UNPROCESSABLE_ENTITY).await;
    assert_eq!(problem.errors[0].field, "question");
}

#[tokio::test]
async fn a_lost_line_is_gone_on_with_while_the_answer_is_made() {
    let mut site = site().await;
    site.state.pace = Duration::from_millis(5);
    let body = json!({ "question": WIDE });
    let mut line = Line::open(&site.state, &body, None).await;
    let mut events = Vec::new();
    for _ in 0..5 {
        events.push(line.next().await.unwrap());
    }
    drop(line);
    // The last one that was read was the fourth, as far as this reader knows.
    events.truncate(4);
    let mut line = Line::open(&site.state, &body, Some(&events[3].id)).await;
    let next = line.next().await.unwrap();
    assert!(next.id.ends_with(":4"), "{}", next.id);
    let conversation = events[0].read::<Meta>().conversation_id;
    let running = history(&site.state, &conversation).await;
    assert_eq!(running[0].status, Status::Pending, "it is still being made");
    events.push(next);
    events.extend(line.rest().await);
    let done: Answer = events.last().unwrap().read();
    assert_eq!(written(&events), done.answer);
    assert_eq!(history(&site.state, &conversation).await.len(), 1, "nothing was asked anew");
}

#[tokio::test]
async fn an_answer_that_is_done_is_gone_on_with_from_its_run_and_from_the_store() {
    let site = site().await;
    let events = all(&site.state, WIDE).await;
    // Another process over the same store.
    let other = state_at(NOWHERE, stories(), site.state.conversations.clone());
    let body = json!({ "question": WIDE });
    for state in [&site.state, &other] {
        for at in [0, 1, events.len() / 2, events.len() - 2] {
            let rest = Line::open(state, &body, Some(&events[at].id)).await.rest().await;
            assert_eq!(names(&rest), names(&events[at + 1..]));
            assert_eq!(rest.last(), events.last());
            assert_eq!(written(&rest), written(&events[at + 1..]), "after {at}");
        }
    }
    let rest = Line::open(&site.state, &body, Some(&events.last().unwrap().id)).await.rest().await;
    assert_eq!(rest, [], "there is nothing after the end");
}

#[tokio::test]
async fn only_who_asked_goes_on_with_an_answer() {
    let site = site().await;
    let events = all(&site.state, WIDE).await;
    let other = state_at(NOWHERE, stories(), site.state.conversations.clone());
    let body = json!({ "question": WIDE });
    for state in [&site.state, &other] {
        let mut request = streamed(&body, Some(&events[0].id));
        request.headers_mut().insert(service_kit::SESSION, "somebody-else".parse().unwrap());
        let told = problem(send(state.clone(), request).await, StatusCode::NOT_FOUND).await;
        assert_eq!(told.code(), "unknown-message");
    }
}

#[tokio::test]
async fn an_id_that_is_none_asks_nothing() {
    let site = site().await;
    let body = json!({ "question": WIDE });
    let huge = format!("{}:1", "x".repeat(5000));
    for id in ["nothing", "nothing:1", "a:b", ":", "", "a:-1", "a:99999999999999999999", &huge] {
        let response = send(site.state.clone(), streamed(&body, Some(id))).await;
        let told = problem(response, StatusCode::NOT_FOUND).await;
        assert_eq!(told.code(), "unknown-message", "{id}");
    }
    assert_eq!(site.search.requests(), []);
}

#[tokio::test]
async fn a_slow_reader_holds_up_nobody() {
    let site = site().await;
    let mut slow = Line::open(&site.state, &json!({ "question": WIDE }), None).await;
    let meta: Meta = slow.next().await.unwrap().read();
    let done = async {
        while history(&site.state, &meta.conversation_id).await[0].status != Status::Done {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), done).await.unwrap();
    let quick = all(&site.state, WIDE).await;
    let rest = slow.rest().await;
    assert_eq!(written(&rest), written(&quick));
}

#[tokio::test]
async fn while_nothing_is_told_the_line_is_kept_open() {
    let mut site = site().await;
    let model = Scripted::saying(vec![Step::Wait(Duration::from_secs(30))]);
    model.compose_for(&mut site.state);
    let mut line = Line::open(&site.state, &json!({ "question": WIDE }), None).await;
    assert_eq!(line.next().await.unwrap().name, event::META);
    model.waits().await;
    tokio::time::pause();
    let heartbeat =
        tokio::time::timeout(Duration::from_secs(11), line.next_or_comment()).await.unwrap();
    assert_eq!(heartbeat, Some(Event::default()), "a comment");
}

#[tokio::test]
async fn a_model_that_breaks_is_stood_in_for() {
    let own = "The last mainframe job ran on 14 October 2018, nineteen months after kickoff.";
    let question = "How did you leave the mainframe at Northbank?";
    for before in [&[][..], &[own]] {
        let mut site = site().await;
        let steps = before.iter().map(|text| say(EXIT, text)).chain([Step::Break]).collect();
        Scripted::saying(steps).compose_for(&mut site.state);
        let events = all(&site.state, question).await;
        let done: Answer = events.last().unwrap().read();
        assert!(done.degraded);
        let generative = done.mode == mfe_ask_api::Mode::Generative;
        assert_eq!(generative, !before.is_empty(), "who began it");
        assert_eq!(written(&events), done.answer);
        assert!(done.sentences.len() > before.len(), "{}", done.answer);
        let said = |n: usize| done.sentences[n].text.as_str();
        assert!(before.iter().enumerate().all(|(n, text)| said(n) == *text), "{}", done.answer);
        let mut quotes: Vec<_> = done.sentences.iter().map(|sentence| &sentence.quote).collect();
        quotes.sort();
        quotes.dedup();
        assert_eq!(quotes.len(), done.sentences.len(), "nothing is said twice: {}", done.answer);
    }
}

#[tokio::test]
async fn what_a_model_invents_is_never_told() {
    let mut site = site().await;
    let model = Scripted::saying(vec![
        say(EXIT, "The exit saved $77M in its first 12 weeks."),
        say(EXIT, "The last mainframe job ran on 14 October 2018, nineteen months after kickoff."),
        say(EXIT, "Kestrel Aerospace was so pleased that it gave everybody a medal."),
        say("no-such-story", "The last mainframe job ran on 14 October 2018."),
        say(EXIT, "The last mainframe job ran on 14 October 2018. [1] It is so. [2]"),
    ]);
    model.compose_for(&mut site.state);
    let events = all(&site.state, "How did you leave the mainframe at Northbank?").await;
    let done: Answer = events.last().unwrap().read();
    assert_eq!(
        done.answer,
        "The last mainframe job ran on 14 October 2018, nineteen months after kickoff. [1]"
    );
    assert_eq!(written(&events), done.answer);
    assert!(!done.degraded);
}

#[tokio::test]
async fn a_model_of_which_nothing_is_left_is_stood_in_for() {
    let mut site = site().await;
    let model = Scripted::saying(vec![say(EXIT, "It saved $77M and the moon.")]);
    model.compose_for(&mut site.state);
    let events = all(&site.state, "How did you leave the mainframe at Northbank?").await;
    let done: Answer = events.last().unwrap().read();
    assert!(done.degraded && !done.answer.is_empty() && !done.answer.contains("$77M"));
    assert_eq!(done.mode, mfe_ask_api::Mode::Extractive);
}
