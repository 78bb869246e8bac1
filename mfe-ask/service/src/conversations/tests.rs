//! What the store promises across restarts, on a full disk, and to two tabs.

mod limits;
mod sharing;

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use contract::Problem;
use mfe_ask_api::{
    Answer, CONVERSATIONS, Confidence, FEEDBACK, Feedback, HISTORY, Message, Mode, Question,
    Source, Standing, Status,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use service_kit::{SESSION, outbox};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime, macros::datetime};
use tower::ServiceExt;

use super::{Conversations, MOST_CONVERSATIONS, MOST_MESSAGES, Outcome, StoreError, lock};
use crate::{AppState, Session, router};

const NOW: OffsetDateTime = datetime!(2026-11-27 06:30:45.123 UTC);

fn open(dir: &TempDir) -> Conversations {
    Conversations::open(&dir.path().join("ask.sqlite")).unwrap()
}

fn session(id: &str) -> Session {
    Session::new(id).unwrap()
}

fn question(text: &str) -> Question {
    Question { question: text.to_owned(), ..Question::default() }
}

fn follow_up(text: &str, conversation: &str) -> Question {
    Question { conversation_id: Some(conversation.to_owned()), ..question(text) }
}

fn answer(text: &str) -> Answer {
    let source = Source {
        id: "exit".to_owned(),
        title: "Exit".to_owned(),
        client: "Northbank".to_owned(),
        role: "Lead".to_owned(),
        summary: "All.".to_owned(),
        score: 0.125,
        quotes: vec![text.to_owned()],
        standing: Standing::Current,
    };
    Answer {
        conversation_id: "c".to_owned(),
        message_id: "m".to_owned(),
        answer: format!("{text} [1]"),
        sentences: Vec::new(),
        sources: vec![source],
        mode: Mode::Extractive,
        degraded: false,
        missing: Vec::new(),
        stopped: false,
        confidence: Confidence::High,
        understood: None,
        refusal: None,
    }
}

fn events(store: &Conversations) -> Vec<(String, Value)> {
    let told = outbox::read(&lock(&store.0.writer), 0, 1000).unwrap();
    told.into_iter().map(|event| (event.kind, event.value)).collect()
}

async fn read(store: &Conversations, session: &Session, message: &str) -> Message {
    store.message(session, message).await.unwrap().unwrap()
}

#[tokio::test]
async fn what_was_written_is_there_after_a_crash_and_what_was_interrupted_has_failed() {
    let dir = tempfile::tempdir().unwrap();
    let (store, me) = (open(&dir), session("me"));
    let done = store.begin(&me, question("Why Kafka?"), NOW).await.unwrap();
    store.finish(&done.message_id, Outcome::Done(answer("So.")), NOW).await.unwrap();
    let id = done.conversation_id;
    let cut = store.begin(&me, follow_up("And then?", &id), NOW).await.unwrap();
    assert_eq!(cut.earlier.len(), 1);
    // What a killed process leaves: the files as they are, with nothing closed.
    let left = tempfile::tempdir().unwrap();
    for file in ["ask.sqlite", "ask.sqlite-wal"] {
        std::fs::copy(dir.path().join(file), left.path().join(file)).unwrap();
    }
    drop(store);

    let store = open(&left);
    let history = store.history(&me, &id, None, 10).await.unwrap();
    assert_eq!(history.conversation.title, "Why Kafka?");
    assert_eq!(history.messages[0].answer, Some(answer("So.")));
    assert_eq!(history.messages[0].asked_at, "2026-11-27T06:30:45.123Z");
    let failed = &history.messages[1];
    assert_eq!((failed.status, failed.answer.as_ref()), (Status::Failed, None));
    assert_eq!(failed.problem.as_ref().unwrap().code(), "interrupted");
    // What its maker has to say after that comes too late, and it can be asked again in its place.
    store.finish(&cut.message_id, Outcome::Done(answer("Late.")), NOW).await.unwrap();
    assert_eq!(read(&store, &me, &cut.message_id).await.status, Status::Failed);
    let retry =
        Question { retry: Some(cut.message_id.clone()), ..follow_up("And then, really?", &id) };
    let again = store.begin(&me, retry.clone(), NOW).await.unwrap();
    assert_eq!((&again.message_id, again.earlier.len()), (&cut.message_id, 1));
    let asked = read(&store, &me, &cut.message_id).await;
    assert_eq!((asked.status, asked.problem), (Status::Pending, None));
    assert_eq!(asked.question, follow_up("And then, really?", &id));
    // Neither what is being made nor what is whole is made anew.
    for message in [&cut.message_id, &history.messages[0].message_id] {
        let retry = Question { retry: Some(message.clone()), ..retry.clone() };
        let refused = store.begin(&me, retry, NOW).await;
        assert!(matches!(refused, Err(StoreError::NoMessage)), "{refused:?}");
    }
}

#[tokio::test]
async fn a_retry_is_of_ones_own_message_in_the_conversation_that_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let (store, me, other) = (open(&dir), session("me"), session("other"));
    let mine = store.begin(&me, question("Mine?"), NOW).await.unwrap();
    store.finish(&mine.message_id, Outcome::Stopped(answer("So")), NOW).await.unwrap();
    let second = store.begin(&me, question("Mine too?"), NOW).await.unwrap();
    let theirs = store.begin(&other, question("Theirs?"), NOW).await.unwrap();
    let retry = Some(mine.message_id.clone());
    for (session, conversation) in [
        (&me, None),
        (&me, Some(second.conversation_id)),
        (&other, Some(theirs.conversation_id)),
        (&other, Some(mine.conversation_id.clone())),
    ] {
        let asked =
            Question { conversation_id: conversation, retry: retry.clone(), ..question("?") };
        let refused = store.begin(session, asked, NOW).await;
        assert!(matches!(refused, Err(StoreError::NoMessage | StoreError::NoConversation)));
    }
    assert_eq!(read(&store, &me, &mine.message_id).await.status, Status::Stopped);
    let asked = Question { retry, ..follow_up("?", &mine.conversation_id) };
    assert_eq!(store.begin(&me, asked, NOW).await.unwrap().message_id, mine.message_id);
}

#[tokio::test]
async fn a_question_is_understood_by_the_last_six_whole_answers_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let (store, me) = (open(&dir), session("me"));
    let first = store.begin(&me, question("0?"), NOW).await.unwrap();
    let id = first.conversation_id;
    store.finish(&first.message_id, Outcome::Done(answer("0")), NOW).await.unwrap();
    let mut stopped = String::new();
    for n in 1..10 {
        let begun = store.begin(&me, follow_up(&format!("{n}?"), &id), NOW).await.unwrap();
        let answer = answer(&n.to_string());
        let outcome = match n {
            5 => Outcome::Stopped(answer),
            7 => Outcome::Failed(Problem::clone(&interrupted())),
            _ => Outcome::Done(answer),
        };
        if n == 5 {
            stopped.clone_from(&begun.message_id);
        }
        store.finish(&begun.message_id, outcome, NOW).await.unwrap();
    }
    let earlier = |begun: super::Begun| -> Vec<String> {
        begun.earlier.into_iter().map(|earlier| earlier.question.question).collect()
    };
    let last = store.begin(&me, follow_up("10?", &id), NOW).await.unwrap();
    assert_eq!(earlier(last), ["2?", "3?", "4?", "6?", "8?", "9?"]);
    let retry = Question { retry: Some(stopped), ..follow_up("5?", &id) };
    let again = store.begin(&me, retry, NOW).await.unwrap();
    assert_eq!(earlier(again), ["0?", "1?", "2?", "3?", "4?"], "only what stands before it");
}

fn interrupted() -> Problem {
    service_kit::ApiError::not_found("none", "None.").problem("")
}

#[tokio::test]
async fn two_tabs_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (store, me) = (open(&dir), session("me"));
    let first = store.begin(&me, question("first"), NOW).await.unwrap();
    let tabs: Vec<_> = (0..2)
        .map(|tab| {
            let (store, me, id) = (store.clone(), me.clone(), first.conversation_id.clone());
            tokio::spawn(async move {
                for n in 0..50 {
                    let asked = follow_up(&format!("{tab} {n}"), &id);
                    let begun = store.begin(&me, asked, NOW).await.unwrap();
                    let outcome = Outcome::Done(answer(&format!("{tab} {n}")));
                    store.finish(&begun.message_id, outcome, NOW).await.unwrap();
                }
            })
        })
        .collect();
    for tab in tabs {
        tab.await.unwrap();
    }
    let history = store.export(&me, &first.conversation_id).await.unwrap();
    assert_eq!(history.messages.len(), 101);
    for tab in 0..2 {
        let asked: Vec<_> = history
            .messages
            .iter()
            .filter_map(|message| message.question.question.strip_prefix(&format!("{tab} ")))
            .map(|n| n.parse::<u32>().unwrap())
            .collect();
        assert!(asked.iter().copied().eq(0..50), "each tab's own order stays: {asked:?}");
    }
    let paired =
        |m: &Message| m.answer.as_ref().unwrap().sources[0].quotes[0] == m.question.question;
    assert!(history.messages[1..].iter().all(paired));
}

#[tokio::test]
async fn an_answer_and_its_event_are_written_together_and_once() {
    let dir = tempfile::tempdir().unwrap();
    let (store, me) = (open(&dir), session("me"));
    let begun = store.begin(&me, question("Why?"), NOW).await.unwrap();
    let later = NOW + Duration::milliseconds(250);
    for text in ["So.", "Otherwise."] {
        store.finish(&begun.message_id, Outcome::Done(answer(text)), later).await.unwrap();
    }
    let failed = store.begin(&me, question("Why not?"), NOW).await.unwrap();
    store.finish(&failed.message_id, Outcome::Failed(interrupted()), later).await.unwrap();
    let told = json!({
        "conversation": begun.conversation_id, "message": begun.message_id, "mode": "extractive",
        "confidence": "high", "sources": 1, "stories": ["exit"], "took_ms": 250.0,
        "degraded": false, "stopped": false,
    });
    assert_eq!(events(&store), [("ask.answered".to_owned(), told)]);
    assert_eq!(read(&store, &me, &begun.message_id).await.answer, Some(answer("So.")));
}

#[tokio::test]
async fn feedback_replaces_and_tells_only_what_is_new() {
    let dir = tempfile::tempdir().unwrap();
    let (store, me) = (open(&dir), session("me"));
    let begun = store.begin(&me, question("Why?"), NOW).await.unwrap();
    let say = |helpful, reason: Option<&str>| Feedback {
        message_id: begun.message_id.clone(),
        helpful,
        reason: reason.map(str::to_owned),
    };
    let early = store.feedback(&me, say(true, None), NOW).await;
    assert!(matches!(early, Err(StoreError::NoAnswer)));
    store.finish(&begun.message_id, Outcome::Done(answer("So.")), NOW).await.unwrap();
    for feedback in [say(true, None), say(true, None), say(false, Some("wrong"))] {
        store.feedback(&me, feedback, NOW).await.unwrap();
    }
    let foreign = store.feedback(&session("other"), say(true, None), NOW).await;
    assert!(matches!(foreign, Err(StoreError::NoMessage)));
    let kept = read(&store, &me, &begun.message_id).await.feedback.unwrap();
    assert_eq!((kept.helpful, kept.reason.as_deref()), (false, Some("wrong")));
    let told: Vec<_> =
        events(&store).into_iter().filter(|(kind, _)| kind == "ask.feedback").collect();
    let (conversation, message) = (&begun.conversation_id, &begun.message_id);
    assert_eq!(
        told.iter().map(|(_, value)| value).collect::<Vec<_>>(),
        [
            &json!({ "conversation": conversation, "message": message, "helpful": true }),
            &json!({
                "conversation": conversation, "message": message, "helpful": false, "reason": "wrong"
            }),
        ]
    );
}

#[tokio::test]
async fn an_answer_for_a_deleted_conversation_is_lost_and_no_error() {
    let dir = tempfile::tempdir().unwrap();
    let (store, me) = (open(&dir), session("me"));
    let begun = store.begin(&me, question("Why?"), NOW).await.unwrap();
    store.delete(&me, &begun.conversation_id).await.unwrap();
    store.finish(&begun.message_id, Outcome::Done(answer("So.")), NOW).await.unwrap();
    assert_eq!(events(&store), []);
    assert_eq!(store.message(&me, &begun.message_id).await.unwrap(), None);
    let count = "SELECT count(*) FROM message";
    let left: u32 = lock(&store.0.writer).query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0, "its messages go with it");
}
