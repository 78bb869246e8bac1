//! A search that fails in every way, which costs an answer no more than what only the search finds; and a disk
//! that is full: it is said, and nothing is lost.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use axum::http::StatusCode;
use contract::Problem;
use mfe_ask_api::{Answer, Confidence, Missing, RefusalKind, Status, event};
use mfe_ask_service::{Conversations, Outcome};
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::time::Instant;

use crate::{
    ME, STORIES,
    asking::{Line, Site, answer_to, asked_as, history, site},
    json as read_json, problem,
    search::{FakeSearch, Mood},
    seed::{begin, get_as},
    state_at, store, stories,
};

const QUESTION: &str = "How did you leave the mainframe at Northbank?";
/// The longest that anybody waits for a search that does not answer.
const WAIT: Duration = Duration::from_secs(2);
/// After which a search that failed is asked again.
const PAUSE: Duration = Duration::from_secs(5);

/// Checks that an answer was found by words alone, and is right.
fn found_by_words(answer: &Answer) {
    assert!(answer.degraded && answer.lacks(Missing::Search) && !answer.lacks(Missing::Model));
    assert_eq!(answer.confidence, Confidence::High);
    assert!(answer.sources.iter().any(|source| source.id == "exit-the-mainframe-northbank"));
    assert!(answer.sources.iter().all(|source| source.client == "Northbank"), "it is named");
}

/// Asks while the search is away; returns the answer and how long it took.
async fn degraded(site: &Site) -> Duration {
    let began = Instant::now();
    found_by_words(&site.answer(json!({ "question": QUESTION })).await);
    began.elapsed()
}

async fn whole(site: &Site) -> bool {
    let answer = site.answer(json!({ "question": QUESTION })).await;
    assert!(!answer.answer.is_empty());
    !answer.degraded
}

/// Lets time pass without waiting for it.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Returns an address at which nobody listens.
async fn free_address() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().to_string()
}

#[tokio::test]
async fn without_a_search_the_words_find_and_it_is_taken_up_when_it_comes_back() {
    let address = free_address().await;
    let state = state_at(&format!("http://{address}"), stories(), store());
    let began = Instant::now();
    let answer = answer_to(&state, ME, json!({ "question": QUESTION })).await;
    assert!(began.elapsed() < WAIT, "{:?}", began.elapsed());
    found_by_words(&answer);
    let kept = history(&state, &answer.conversation_id).await;
    assert_eq!((kept[0].status, kept[0].answer.as_ref()), (Status::Done, Some(&answer)));

    let events = Line::open(&state, &json!({ "question": QUESTION }), None).await.rest().await;
    assert_eq!(events.last().unwrap().name, event::DONE);
    let done: Answer = events.last().unwrap().read();
    found_by_words(&done);
    assert_eq!(done.answer, answer.answer);

    let search = FakeSearch::over(STORIES, &address).await;
    let site = Site { state, search };
    degraded(&site).await;
    assert_eq!(site.search.requests(), [], "it failed a moment ago");
    pass(PAUSE).await;
    assert!(whole(&site).await && whole(&site).await);
    assert_eq!(site.search.requests().len(), 2);
}

#[tokio::test]
async fn a_search_that_comes_back_in_time_is_not_noticed() {
    let address = free_address().await;
    let state = state_at(&format!("http://{address}"), stories(), store());
    let (answer, _search) =
        tokio::join!(answer_to(&state, ME, json!({ "question": QUESTION })), async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            FakeSearch::over(STORIES, &address).await
        });
    assert!(!answer.answer.is_empty() && !answer.degraded);
}

#[tokio::test]
async fn a_search_that_is_busy_or_breaks_off_is_asked_once_more() {
    for mood in [Mood::Busy(1), Mood::Cut(1)] {
        let site = site().await;
        site.search.set(mood);
        assert!(whole(&site).await, "{mood:?}");
        assert_eq!(site.search.requests().len(), 2, "{mood:?}");
    }
    for mood in [Mood::Busy(2), Mood::Cut(2)] {
        let site = site().await;
        site.search.set(mood);
        assert!(degraded(&site).await < WAIT, "{mood:?}");
        assert!(!whole(&site).await, "{mood:?}: it is not asked");
        assert_eq!(site.search.requests().len(), 2, "{mood:?}");
    }
}

#[tokio::test]
async fn a_search_that_refuses_or_cannot_be_understood_is_asked_once_and_by_the_next_question() {
    for mood in [Mood::Garbage, Mood::Enough] {
        let site = site().await;
        site.search.set(mood);
        degraded(&site).await;
        assert_eq!(site.search.requests().len(), 1, "{mood:?}");
        site.search.set(Mood::Well);
        assert!(whole(&site).await, "{mood:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_search_that_hangs_is_waited_for_by_few_and_not_for_long() {
    let site = site().await;
    site.search.set(Mood::Silent);
    let waited = degraded(&site).await;
    assert!(waited > Duration::from_secs(1) && waited < WAIT, "{waited:?}");
    for _ in 0..3 {
        assert!(degraded(&site).await < Duration::from_millis(100));
    }
    assert_eq!(site.search.requests().len(), 1);

    tokio::time::advance(PAUSE).await;
    let (one, other) = tokio::join!(degraded(&site), degraded(&site));
    assert!(one.max(other) < WAIT && one.min(other) < Duration::from_millis(100));
    assert_eq!(site.search.requests().len(), 2, "one of them tried it");

    site.search.set(Mood::Well);
    tokio::time::advance(PAUSE).await;
    assert!(whole(&site).await && whole(&site).await);
}

#[tokio::test]
async fn filters_and_the_story_that_a_question_is_about_hold_without_the_search() {
    let site = site().await;
    site.search.set(Mood::Busy(100));
    let question = "Which programme did you rescue?";
    let free = site.answer(json!({ "question": question })).await;
    for client in ["Cobalt Telecom", "Tidewater Ports"] {
        let body = json!({ "question": question, "filters": { "client": [client] } });
        let answer = site.answer(body).await;
        assert!(answer.lacks(Missing::Search) && !answer.sources.is_empty(), "{client}");
        assert!(answer.sources.iter().all(|source| source.client == client), "{answer:?}");
        assert_ne!(answer.sources, free.sources);
    }
    let body = json!({ "question": question, "filters": { "industry": ["Fishery"] } });
    let none = site.answer(body).await;
    assert_eq!((none.sources.len(), none.confidence), (0, Confidence::None));

    let story = "yield-model-mlops-sable";
    let body = json!({ "question": "What was the outcome?", "from_story": story });
    let about = site.answer(body).await;
    assert_eq!(about.sources.iter().map(|source| &*source.id).collect::<Vec<_>>(), [story]);
    assert!(about.lacks(Missing::Search));
}

#[tokio::test]
async fn what_no_story_has_words_for_is_refused_with_its_reason() {
    let site = site().await;
    site.search.set(Mood::Busy(100));
    for question in ["What have you designed with FPGAs?", "What did you build for an airline?"] {
        let answer = site.answer(json!({ "question": question })).await;
        let refusal = answer.refusal.as_ref().unwrap();
        assert_eq!(refusal.kind, RefusalKind::LowConfidence, "{question}");
        assert!(refusal.message.contains("does not answer at the moment"), "{refusal:?}");
        assert!(answer.lacks(Missing::Search) && !refusal.suggestions.is_empty());
    }
}

#[tokio::test]
async fn a_question_that_failed_is_answered_in_its_place() {
    let site = site().await;
    let begun = begin(&site.state, ME, QUESTION, None).await;
    let problem: Problem = serde_json::from_value(json!({
        "type": "/problems/internal-error", "title": "", "status": 500, "detail": "", "request_id": "",
    }))
    .unwrap();
    let (id, now) = (&begun.message_id, OffsetDateTime::now_utc());
    site.state.conversations.finish(id, Outcome::Failed(problem), now).await.unwrap();
    let body = json!({
        "question": QUESTION, "conversation_id": begun.conversation_id, "retry": begun.message_id,
    });
    let answer = site.answer(body).await;
    assert_eq!(answer.message_id, begun.message_id);
    let kept = history(&site.state, &begun.conversation_id).await;
    assert_eq!((kept.len(), kept[0].status), (1, Status::Done));
    assert_eq!((kept[0].answer.as_ref(), &kept[0].problem), (Some(&answer), &None));
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
