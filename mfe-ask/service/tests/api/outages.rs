//! A search that fails in every way, and a disk that is full: it is said, and nothing is lost.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use axum::http::{StatusCode, header};
use contract::Problem;
use mfe_ask_api::{Answer, Message, Meta, Status, event};
use mfe_ask_service::{AppState, Conversations};
use serde_json::{Value, json};

use crate::{
    ME, STORIES,
    asking::{Line, answer_to, asked_as, history, site},
    json as read_json, problem,
    search::{FakeSearch, Mood},
    seed::get_as,
    state_at, store, stories,
};

const QUESTION: &str = "How did you leave the mainframe at Northbank?";

/// Asks as a stream that ends with an error; returns the conversation, the question as it is kept, and the error.
async fn failed(state: &AppState, question: &str) -> (String, Message, Problem) {
    let events = Line::open(state, &json!({ "question": question }), None).await.rest().await;
    let names: Vec<_> = events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names, [event::META, event::ERROR]);
    let meta: Meta = events[0].read();
    let message = history(state, &meta.conversation_id).await.remove(0);
    assert_eq!((message.status, &message.answer), (Status::Failed, &None));
    assert_eq!(message.message_id, meta.message_id);
    assert_eq!(message.question.question, question, "it is kept");
    (meta.conversation_id, message, events[1].read())
}

async fn retried(state: &AppState, conversation: &str, message: &Message) -> Answer {
    let body = json!({
        "question": message.question.question, "conversation_id": conversation,
        "retry": message.message_id,
    });
    let answer = answer_to(state, ME, body).await;
    assert_eq!(answer.message_id, message.message_id);
    let kept = history(state, conversation).await;
    assert_eq!((kept.len(), kept[0].status), (1, Status::Done));
    assert_eq!((kept[0].answer.as_ref(), &kept[0].problem), (Some(&answer), &None));
    answer
}

/// Returns an address at which nobody listens.
async fn free_address() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().to_string()
}

#[tokio::test]
async fn a_search_that_is_down_is_said_and_the_question_can_be_asked_again() {
    let address = free_address().await;
    let state = state_at(&format!("http://{address}"), stories(), store());
    let response = asked_as(&state, ME, &json!({ "question": QUESTION })).await;
    assert_eq!(response.headers()[header::RETRY_AFTER], "5");
    let told = problem(response, StatusCode::SERVICE_UNAVAILABLE).await;
    assert_eq!(told.code(), "search-unavailable");

    let (conversation, message, told) = failed(&state, QUESTION).await;
    assert_eq!((told.code(), told.status), ("search-unavailable", 503));
    assert_eq!(message.problem.as_ref().map(Problem::code), Some("search-unavailable"));

    let _search = FakeSearch::over(STORIES, &address).await;
    assert!(!retried(&state, &conversation, &message).await.answer.is_empty());
}

#[tokio::test]
async fn a_search_that_comes_back_in_time_is_not_noticed() {
    let address = free_address().await;
    let state = state_at(&format!("http://{address}"), stories(), store());
    let (answer, _search) =
        tokio::join!(answer_to(&state, ME, json!({ "question": QUESTION })), async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            FakeSearch::over(STORIES, &address).await
        });
    assert!(!answer.answer.is_empty());
}

#[tokio::test]
async fn a_search_that_is_busy_or_breaks_off_is_asked_twice_more() {
    for mood in [Mood::Busy(2), Mood::Cut(2)] {
        let site = site().await;
        site.search.set(mood);
        assert!(!site.answer(json!({ "question": QUESTION })).await.answer.is_empty(), "{mood:?}");
        assert_eq!(site.search.requests().len(), 3, "{mood:?}");
    }
    for mood in [Mood::Busy(3), Mood::Cut(3)] {
        let site = site().await;
        site.search.set(mood);
        let (_, _, told) = failed(&site.state, QUESTION).await;
        assert_eq!(told.code(), "search-unavailable", "{mood:?}");
        assert_eq!(site.search.requests().len(), 3, "{mood:?}");
    }
}

#[tokio::test]
async fn a_search_that_cannot_be_understood_is_asked_once() {
    let site = site().await;
    site.search.set(Mood::Garbage);
    let (conversation, message, told) = failed(&site.state, QUESTION).await;
    assert_eq!(told.code(), "search-unavailable");
    assert_eq!(site.search.requests().len(), 1);
    site.search.set(Mood::Well);
    retried(&site.state, &conversation, &message).await;
}

#[tokio::test(start_paused = true)]
async fn a_search_that_never_answers_is_given_up() {
    let site = site().await;
    site.search.set(Mood::Silent);
    let began = tokio::time::Instant::now();
    let (_, _, told) = failed(&site.state, QUESTION).await;
    assert_eq!(told.code(), "search-unavailable");
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
}

#[tokio::test]
async fn without_meaning_words_are_searched() {
    let site = site().await;
    site.search.set(Mood::Wordy);
    assert!(!site.answer(json!({ "question": QUESTION })).await.answer.is_empty());
    let requests = site.search.requests();
    let paths: Vec<_> = requests.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["/api/search/hybrid", "/api/search/keyword"]);
    assert_eq!(requests[0].1, requests[1].1);
}

#[tokio::test]
async fn what_needs_no_search_is_answered_without_it() {
    let site = site().await;
    site.search.set(Mood::Busy(100));
    let refused = site.answer(json!({ "question": "asdkjh qwpoeiu zmxn" })).await;
    assert!(refused.refusal.is_some());
    assert_eq!(site.search.requests(), []);
}

/// The test below as a process that may write no larger files.
const SMALL_DISK: &str = "ASTERISM_TEST_SMALL_DISK";

#[test]
fn a_full_disk_is_told_and_earlier_conversations_stay() {
    let folder = tempfile::tempdir().unwrap();
    // Beyond the limit, in blocks of 512 bytes, a write fails like one on a full disk.
    let limited = "trap '' XFSZ; ulimit -f 1200; exec \"$0\" \"$@\"";
    let child = Command::new("sh")
        .args(["-c", limited])
        .arg(std::env::current_exe().unwrap())
        .args(["outages::on_a_small_disk", "--exact", "--ignored", "--nocapture"])
        .env(SMALL_DISK, folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && told.contains("1 passed"), "{child:?}");
}

#[tokio::test]
#[ignore = "only as the process of the test before"]
async fn on_a_small_disk() {
    let folder = std::env::var(SMALL_DISK).unwrap();
    let store = Conversations::open(&Path::new(&folder).join("ask.sqlite")).unwrap();
    let search = FakeSearch::start().await;
    let state = state_at(&search.base, stories(), store);
    let first = answer_to(&state, ME, json!({ "question": QUESTION })).await;
    let id = first.conversation_id.clone();
    let mut refused = None;
    for _ in 0..2000 {
        let response =
            asked_as(&state, ME, &json!({ "question": QUESTION, "conversation_id": id })).await;
        if response.status() != StatusCode::OK {
            refused = Some(response);
            break;
        }
    }
    let told = problem(refused.unwrap(), StatusCode::INSUFFICIENT_STORAGE).await;
    assert_eq!(told.code(), "storage-full");
    let told = problem(
        asked_as(&state, ME, &json!({ "question": QUESTION })).await,
        StatusCode::INSUFFICIENT_STORAGE,
    )
    .await;
    assert_eq!(told.code(), "storage-full", "no new conversation either");

    let kept = history(&state, &id).await;
    assert!(kept.len() > 5, "{}", kept.len());
    let path = format!(
        "{}?conversation_id={id}&limit=1&before={}",
        mfe_ask_api::HISTORY,
        kept[1].message_id
    );
    let stretch: Value = read_json(get_as(&state, ME, &path).await).await;
    assert_eq!(stretch["messages"][0]["message_id"], kept[0].message_id.as_str());
}
