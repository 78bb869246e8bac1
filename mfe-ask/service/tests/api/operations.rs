//! Before the first reading of the feed, and the operators' endpoints.

use std::time::Duration;

use axum::http::StatusCode;
use mfe_ask_api::{
    CONVERSATION, CONVERSATIONS, EXPORT, FEEDBACK, GENERATE, HISTORY, STARTERS, VISIBILITY,
};
use mfe_ask_service::{AppState, SearchApi};
use serde_json::{Value, json};

use crate::{NOWHERE, ask_json, get, json, problem, send, state, store};

#[tokio::test]
async fn nothing_is_answered_before_the_stories_were_read() {
    let state = AppState::new(Duration::ZERO, store(), SearchApi::new(NOWHERE).unwrap());
    for request in [get(STARTERS), ask_json(&json!({ "question": "Why?" })), get("/readyz")] {
        let problem =
            problem(send(state.clone(), request).await, StatusCode::SERVICE_UNAVAILABLE).await;
        assert_eq!(problem.code(), "not-ready");
    }
    assert_eq!(send(state.clone(), get("/healthz")).await.status(), StatusCode::OK);

    state.readiness.set_ready();
    assert_eq!(send(state, get("/readyz")).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_api_describes_itself() {
    let api: Value = json(send(state(), get("/openapi.json")).await).await;
    assert_eq!(api["info"]["title"], "Asterism ask");
    assert_eq!(api["info"]["version"], env!("CARGO_PKG_VERSION"));
    let answered = &api["paths"][GENERATE]["post"]["responses"]["200"]["content"];
    assert!(answered["application/json"].is_object(), "{answered}");
    assert!(answered["text/event-stream"].is_object(), "{answered}");
    assert!(api["paths"][STARTERS]["get"].is_object());
    assert!(api["components"]["schemas"]["Answer"].is_object());
    for (path, method) in [
        (HISTORY, "get"),
        (CONVERSATIONS, "get"),
        (CONVERSATION, "patch"),
        (CONVERSATION, "delete"),
        (VISIBILITY, "put"),
        (EXPORT, "get"),
        (FEEDBACK, "post"),
    ] {
        let answers = &api["paths"][path][method]["responses"];
        assert!(answers["401"].is_object(), "{method} {path}: {answers}");
    }
}

#[tokio::test]
async fn other_paths_are_not_there() {
    problem(send(state(), get("/api/ask/nothing")).await, StatusCode::NOT_FOUND).await;
}
