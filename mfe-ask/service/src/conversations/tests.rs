//! What the store promises across restarts, on a full disk, and to two tabs.

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

#[tokio::test]
async fn a_conversation_and_a_session_hold_only_so_much() {
    let dir = tempfile::tempdir().unwrap();
    let (store, me) = (open(&dir), session("me"));
    let begun = store.begin(&me, question("Why?"), NOW).await.unwrap();
    let id = begun.conversation_id;
    let fill = "WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < ?2)
                INSERT INTO message (id, conversation, seq, question, asked_at, status)
                SELECT 'm' || n, ?1, n, '{\"question\":\"?\"}', '', 'failed' FROM n";
    lock(&store.0.writer).execute(fill, (&id, MOST_MESSAGES)).unwrap();
    let full = store.begin(&me, follow_up("?", &id), NOW + Duration::DAY).await;
    assert!(matches!(full, Err(StoreError::ConversationFull)));
    let kept = store.list(&me).await.unwrap().remove(0);
    assert_eq!((kept.messages, &kept.updated_at), (MOST_MESSAGES, &kept.created_at));
    let retry = Question { retry: Some("m7".to_owned()), ..follow_up("?", &id) };
    assert_eq!(store.begin(&me, retry, NOW).await.unwrap().message_id, "m7");

    for n in 1..MOST_CONVERSATIONS {
        let at = NOW + Duration::seconds(n.into());
        store.begin(&me, question(&n.to_string()), at).await.unwrap();
    }
    let refused = store.begin(&me, question("?"), NOW).await;
    assert!(matches!(refused, Err(StoreError::TooMany)));
    let listed = store.list(&me).await.unwrap();
    assert_eq!((listed.len(), &*listed[0].title), (200, "499"));
    store.begin(&session("other"), question("?"), NOW).await.unwrap();
    store.delete(&me, &id).await.unwrap();
    store.begin(&me, question("?"), NOW).await.unwrap();
}

/// Sends as `me`; returns the status and the body.
async fn send(app: &Router, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
    let request = Request::builder().method(method).uri(path).header(SESSION, "me");
    let request = request.header("content-type", "application/json");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let response = app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test]
async fn a_full_disk_is_told_and_what_was_there_stays() {
    let dir = tempfile::tempdir().unwrap();
    let (store, me) = (open(&dir), session("me"));
    let begun = store.begin(&me, question("Why?"), NOW).await.unwrap();
    store.finish(&begun.message_id, Outcome::Done(answer("So.")), NOW).await.unwrap();
    let waiting = store.begin(&me, question("Long?"), NOW).await.unwrap();
    let before = store.export(&me, &begun.conversation_id).await.unwrap();
    {
        let db = lock(&store.0.writer);
        let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        db.pragma_update(None, "max_page_count", pages + 2).unwrap();
    }
    let long = "word ".repeat(20_000);
    let full = store.begin(&me, question(&long), NOW).await;
    assert!(matches!(full, Err(StoreError::Full(_))), "{full:?}");
    let full = store.finish(&waiting.message_id, Outcome::Done(answer(&long)), NOW).await;
    assert!(matches!(full, Err(StoreError::Full(_))), "{full:?}");
    assert_eq!(read(&store, &me, &waiting.message_id).await.status, Status::Pending);

    let nowhere = crate::SearchApi::new("http://127.0.0.1:1").unwrap();
    let app = router(AppState::new(std::time::Duration::ZERO, store.clone(), nowhere));
    let mut refused = None;
    for n in 0..100 {
        let reason = n.to_string() + &"x".repeat(900);
        let body = json!({ "message_id": begun.message_id, "helpful": false, "reason": reason });
        let (status, told) = send(&app, "POST", FEEDBACK, body).await;
        if status != StatusCode::NO_CONTENT {
            refused = Some((status, told));
            break;
        }
    }
    let (status, told) = refused.unwrap();
    assert_eq!((status.as_u16(), &told["type"]), (507, &json!("/problems/storage-full")));
    assert!(told["detail"].as_str().unwrap().contains("is full"), "{told}");
    // What the last one said that found room is all that changed.
    let path = format!("{HISTORY}?conversation_id={}", begun.conversation_id);
    let (status, history) = send(&app, "GET", &path, Value::Null).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(history["messages"][0]["answer"], json!(before.messages[0].answer));
    assert_eq!(send(&app, "GET", CONVERSATIONS, Value::Null).await.0, StatusCode::OK);
    let whole: String =
        lock(&store.0.reader).query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(whole, "ok");
    // A person can make room.
    let path = format!("{CONVERSATIONS}/{}", begun.conversation_id);
    assert_eq!(send(&app, "DELETE", &path, Value::Null).await.0, StatusCode::NO_CONTENT);
    store.begin(&me, question("Why now?"), NOW).await.unwrap();
}

#[tokio::test]
async fn what_expired_is_archived_whole_before_it_is_removed() {
    let (dir, archive) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (store, me) = (open(&dir), session("me"));
    let old = store.begin(&me, question("Old?"), NOW).await.unwrap();
    store.finish(&old.message_id, Outcome::Done(answer("So.")), NOW).await.unwrap();
    let revived = store.begin(&me, question("Revived?"), NOW).await.unwrap();
    let later = NOW + Duration::days(29);
    let again = follow_up("Still there?", &revived.conversation_id);
    store.begin(&me, again, later).await.unwrap();
    let whole = store.export(&me, &old.conversation_id).await.unwrap();

    let ttl = Duration::days(30);
    let archive = archive.path();
    let expired = |archived, kept| super::Expired { archived, kept };
    let now = NOW + ttl;
    assert_eq!(store.expire(now, ttl, archive).await.unwrap(), expired(0, 0), "not yet");
    // A file in place of the folder: nothing can be written, so nothing is removed.
    let now = now + Duration::SECOND;
    let blocked = archive.join("blocked");
    std::fs::write(&blocked, "").unwrap();
    assert_eq!(store.expire(now, ttl, &blocked).await.unwrap(), expired(0, 1));
    assert_eq!(store.export(&me, &old.conversation_id).await.unwrap(), whole);

    assert_eq!(store.expire(now, ttl, archive).await.unwrap(), expired(1, 0));
    let gone = store.export(&me, &old.conversation_id).await;
    assert!(matches!(gone, Err(StoreError::NoConversation)));
    let asked = store.begin(&me, follow_up("?", &old.conversation_id), now).await;
    assert!(matches!(asked, Err(StoreError::NoConversation)), "as one that never was");
    let month = archive.join("2026-11");
    let files: Vec<_> = std::fs::read_dir(&month).unwrap().map(|f| f.unwrap().path()).collect();
    let [file] = &files[..] else { panic!("{files:?}") };
    assert_eq!(*file, month.join(&old.conversation_id).with_extension("json"));
    let text = std::fs::read_to_string(file).unwrap();
    assert_eq!(serde_json::from_str::<mfe_ask_api::History>(&text).unwrap(), whole);
    assert_eq!(store.list(&me).await.unwrap().len(), 1, "the revived one");
}

#[tokio::test]
async fn tidying_up_forgets_old_events_and_answers_that_nobody_makes() {
    let (dir, archive) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (store, me) = (open(&dir), session("me"));
    let done = store.begin(&me, question("Why?"), NOW).await.unwrap();
    store.finish(&done.message_id, Outcome::Done(answer("So.")), NOW).await.unwrap();
    let lost = store.begin(&me, question("Lost?"), NOW).await.unwrap();
    let ttl = Duration::days(365);
    let now = NOW + Duration::hours(2);
    let young = store.begin(&me, question("Young?"), now).await.unwrap();
    store.expire(now, ttl, archive.path()).await.unwrap();
    assert_eq!(read(&store, &me, &lost.message_id).await.status, Status::Failed);
    assert_eq!(read(&store, &me, &young.message_id).await.status, Status::Pending);
    assert_eq!(events(&store).len(), 1);
    store.expire(NOW + Duration::days(91), ttl, archive.path()).await.unwrap();
    assert_eq!(events(&store), []);
}

#[test]
fn a_file_of_a_newer_program_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ask.sqlite");
    drop(open(&dir));
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Conversations::open(&file), Err(StoreError::Newer { found: 99, .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_of_any_size_make_the_whole_conversation(
        texts in proptest::collection::vec("(.|\\s){0,30}", 1..25),
        limit in 1_u32..12,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let (store, me) = (open(&dir), session("me"));
            let mut id = None;
            for text in &texts {
                let asked = Question { conversation_id: id.clone(), ..question(text) };
                let begun = store.begin(&me, asked, NOW).await.unwrap();
                store.finish(&begun.message_id, Outcome::Done(answer(text)), NOW).await.unwrap();
                id = Some(begun.conversation_id);
            }
            let id = id.unwrap();
            let (mut found, mut before) = (Vec::new(), None);
            loop {
                let page = store.history(&me, &id, before, limit).await.unwrap();
                assert!(page.messages.len() <= limit as usize && !page.messages.is_empty());
                found.splice(0..0, page.messages);
                before = page.earlier;
                if before.is_none() {
                    break;
                }
            }
            assert_eq!(&found, &store.export(&me, &id).await.unwrap().messages);
            for (message, text) in found.iter().zip(&texts) {
                assert_eq!(&message.question.question, text);
                assert_eq!(message.answer.as_ref(), Some(&answer(text)));
            }
            assert_eq!(found.len(), texts.len());
        });
    }
}
