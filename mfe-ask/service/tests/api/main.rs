//! The service over HTTP, on a selection of the demo stories.

#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

mod accounts;
mod answers;
mod asking;
mod authorization;
mod conversations;
mod crossing;
mod export;
mod fake_provider;
mod feedback;
mod follow_ups;
mod generate;
mod history;
mod operations;
mod outages;
mod provider;
mod rerank;
mod scripted;
mod search;
mod seed;
mod sessions;
mod sharing;
mod starters;
mod stop;
mod stream;

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use contract::Problem;
use http_body_util::BodyExt;
use mfe_ask_service::{AppState, Conversations, Corpus, SearchApi, Snapshot, Story, router};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower::ServiceExt;

/// A gateway that is not there.
const NOWHERE: &str = "http://127.0.0.1:1";
/// Whose the requests are that do not say otherwise.
const ME: &str = "me";

const STORIES: &str = include_str!("../stories.jsonl");
const ALL_STORIES: &str = include_str!("../../../../mfe-stories/service/stories.jsonl");

fn read<T: DeserializeOwned>(lines: &str) -> Vec<T> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn stories() -> Vec<Story> {
    read(STORIES)
}

/// A store of its own for the rest of the test: the open files outlive their folder.
fn store() -> Conversations {
    let folder = tempfile::tempdir().unwrap();
    Conversations::open(&folder.path().join("ask.sqlite")).unwrap()
}

/// A state that asks the search behind a gateway.
fn state_at(gateway: &str, stories: Vec<Story>, store: Conversations) -> AppState {
    let state = AppState::new(Duration::ZERO, store, SearchApi::new(gateway).unwrap());
    state.library.replace(Snapshot::new(Corpus::new(stories)));
    state.readiness.set_ready();
    state
}

/// A state without a search.
fn state() -> AppState {
    state_at(NOWHERE, stories(), store())
}

async fn send(state: AppState, request: Request<Body>) -> Response {
    router(state).oneshot(request).await.unwrap()
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

fn ask(accept: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(mfe_ask_api::GENERATE)
        .header(service_kit::SESSION, ME)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, accept)
        .body(body.into())
        .unwrap()
}

fn ask_json(body: &Value) -> Request<Body> {
    ask("application/json", body.to_string())
}

async fn text(response: Response) -> String {
    let body = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(body.to_vec()).unwrap()
}

async fn json<T: DeserializeOwned>(response: Response) -> T {
    serde_json::from_str(&text(response).await).unwrap()
}

async fn problem(response: Response, status: StatusCode) -> Problem {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()[header::CONTENT_TYPE], contract::PROBLEM_JSON);
    json(response).await
}
