//! `POST /api/ask/stop`, and answers that nobody reads any more.

use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use mfe_ask_api::{Answer, Meta, STOP, Status, event};
use mfe_ask_service::AppState;
use serde_json::json;

use crate::{
    ME,
    asking::{Line, Site, answer_to, history, site},
    problem,
    scripted::{Scripted, Step, say},
    seed::send_as,
};

const QUESTION: &str = "How did you leave the mainframe at Northbank?";
const OWN: &str = "The last mainframe job ran on 14 October 2018, nineteen months after kickoff.";

async fn stop(state: &AppState, who: &str, message: &str) -> axum::response::Response {
    send_as(state, who, Method::POST, STOP, &json!({ "message_id": message })).await
}

/// A service whose model says one sentence and then thinks for an hour.
async fn thinking() -> (Site, Scripted) {
    let mut site = site().await;
    let hour = Duration::from_secs(3600);
    let model = Scripted::saying(vec![say("exit-the-mainframe-northbank", OWN), Step::Wait(hour)]);
    model.compose_for(&mut site.state);
    (site, model)
}

#[tokio::test]
async fn stopping_ends_the_work_at_once_and_keeps_what_is_there() {
    let (site, model) = thinking().await;
    let mut line = Line::open(&site.state, &json!({ "question": QUESTION }), None).await;
    let meta: Meta = line.next().await.unwrap().read();
    model.waits().await;
    line.until(event::TOKEN).await;

    let foreign = stop(&site.state, "somebody-else", &meta.message_id).await;
    assert_eq!(problem(foreign, StatusCode::NOT_FOUND).await.code(), "unknown-message");
    assert_eq!(model.given_up(), None);

    let asked = Instant::now();
    let stopped = stop(&site.state, ME, &meta.message_id).await;
    assert_eq!(stopped.status(), StatusCode::NO_CONTENT);
    let rest = line.rest().await;
    // 100 ms are promised, and measured on a quiet machine; this one may be busy.
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    assert!(model.given_up().unwrap() - asked < Duration::from_secs(1));
    let names: Vec<_> = rest.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names[names.len() - 2..], [event::SOURCES, event::DONE]);
    let done: Answer = rest.last().unwrap().read();
    assert!(done.stopped && done.answer == format!("{OWN} [1]"), "{}", done.answer);
    assert_eq!(done.sources.len(), 1);

    let kept = history(&site.state, &meta.conversation_id).await;
    assert_eq!((kept[0].status, kept[0].answer.as_ref()), (Status::Stopped, Some(&done)));
    let again = stop(&site.state, ME, &meta.message_id).await;
    assert_eq!(again.status(), StatusCode::NO_CONTENT, "stopping twice is stopping");
}

#[tokio::test]
async fn what_is_stopped_can_be_asked_again_in_its_place() {
    let (mut site, model) = thinking().await;
    let mut line = Line::open(&site.state, &json!({ "question": QUESTION }), None).await;
    let meta: Meta = line.next().await.unwrap().read();
    model.waits().await;
    stop(&site.state, ME, &meta.message_id).await;
    line.rest().await;
    site.state.model = None;
    let Meta { conversation_id, message_id } = meta;
    let retry = json!({
        "question": QUESTION, "conversation_id": conversation_id, "retry": message_id,
    });
    let answer = answer_to(&site.state, ME, retry).await;
    assert!(!answer.stopped && answer.message_id == message_id);
    let kept = history(&site.state, &conversation_id).await;
    assert_eq!((kept.len(), kept[0].status), (1, Status::Done));
    assert_eq!(kept[0].answer.as_ref(), Some(&answer));
}

#[tokio::test]
async fn an_answer_that_has_ended_stays_as_it_is() {
    let site = site().await;
    let answer = site.answer(json!({ "question": QUESTION })).await;
    let stopped = stop(&site.state, ME, &answer.message_id).await;
    assert_eq!(stopped.status(), StatusCode::NO_CONTENT);
    let kept = history(&site.state, &answer.conversation_id).await;
    assert_eq!((kept[0].status, kept[0].answer.as_ref()), (Status::Done, Some(&answer)));
}

#[tokio::test]
async fn what_is_not_there_is_not_stopped() {
    let site = site().await;
    for id in ["nothing", "", &"x".repeat(5000)] {
        let told = problem(stop(&site.state, ME, id).await, StatusCode::NOT_FOUND).await;
        assert_eq!(told.code(), "unknown-message");
    }
    problem(stop(&site.state, "", "nothing").await, StatusCode::UNAUTHORIZED).await;
}

#[tokio::test]
async fn an_answer_that_nobody_reads_any_more_is_stopped() {
    let (site, model) = thinking().await;
    let mut line = Line::open(&site.state, &json!({ "question": QUESTION }), None).await;
    let meta: Meta = line.next().await.unwrap().read();
    model.waits().await;
    drop(line);
    tokio::time::pause();
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(model.given_up(), None, "whoever read it may come back");
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert!(model.given_up().is_some());
    tokio::time::resume();
    let ended = async {
        while history(&site.state, &meta.conversation_id).await[0].status == Status::Pending {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), ended).await.unwrap();
    let kept = history(&site.state, &meta.conversation_id).await;
    assert_eq!(kept[0].status, Status::Stopped);
    assert_eq!(kept[0].answer.as_ref().unwrap().answer, format!("{OWN} [1]"));
}
