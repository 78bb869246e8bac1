//! `POST /api/ask/generate`, answered as server-sent events.

use axum::http::{StatusCode, header};
use mfe_ask_api::{Answer, Confidence, Meta, Sources, Token, event};
use serde_json::json;

use crate::{ask, problem, send, state, text};

/// Reads whole events: name and data.
fn parse(stream: &str) -> Vec<(String, String)> {
    stream
        .split("\n\n")
        .filter(|block| !block.is_empty())
        .map(|block| {
            let field = |name: &str| {
                let lines = block.lines().filter_map(|line| line.strip_prefix(name));
                lines.map(str::trim_start).collect::<Vec<_>>().join("\n")
            };
            (field("event:"), field("data:"))
        })
        .collect()
}

async fn events(question: &str) -> Vec<(String, String)> {
    let body = json!({ "question": question, "conversation_id": "c-1" }).to_string();
    let response = send(state(), ask("text/event-stream", body)).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
    parse(&text(response).await)
}

#[tokio::test]
async fn tokens_make_the_answer_and_the_rest_comes_in_order() {
    let events = events("What do your rescues have in common across clients?").await;
    let names: Vec<_> = events.iter().map(|(name, _)| name.as_str()).collect();
    let tokens = names.len() - 3;
    assert!(tokens > 10, "{names:?}");
    assert_eq!(names[0], event::META);
    assert!(names[1..=tokens].iter().all(|name| *name == event::TOKEN));
    assert_eq!(names[tokens + 1..], [event::SOURCES, event::DONE]);

    let meta: Meta = serde_json::from_str(&events[0].1).unwrap();
    let written: String = events[1..=tokens]
        .iter()
        .map(|(_, data)| serde_json::from_str::<Token>(data).unwrap().text)
        .collect();
    let sources: Sources = serde_json::from_str(&events[tokens + 1].1).unwrap();
    let done: Answer = serde_json::from_str(&events[tokens + 2].1).unwrap();
    assert_eq!(written, done.answer);
    assert!(written.contains("\n\n"), "paragraphs survive: {written}");
    assert_eq!(sources.sources, done.sources);
    assert_eq!((meta.conversation_id, meta.message_id), (done.conversation_id, done.message_id));
}

#[tokio::test]
async fn a_refusal_streams_without_tokens() {
    let events = events("asdkjh qwpoeiu zmxn").await;
    let names: Vec<_> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, [event::META, event::SOURCES, event::DONE]);
    let sources: Sources = serde_json::from_str(&events[1].1).unwrap();
    assert_eq!(sources.sources, []);
    let done: Answer = serde_json::from_str(&events[2].1).unwrap();
    assert_eq!(done.confidence, Confidence::None);
    assert_eq!(done.refusal.unwrap().kind, mfe_ask_api::RefusalKind::LowConfidence);
}

#[tokio::test]
async fn bad_input_is_a_problem_before_any_event() {
    let response = send(state(), ask("text/event-stream", r#"{"question":""}"#)).await;
    let problem = problem(response, StatusCode::UNPROCESSABLE_ENTITY).await;
    assert_eq!(problem.errors[0].field, "question");
}
