//! The HTTP surface of the stories service, a file per resource.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

mod authorization;
mod editing;
mod events;
mod facets;
mod feed;
mod import;
mod kill;
mod list;
mod memory;
mod process;
mod related;
mod round_trip;
mod story;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use mfe_stories_service::{AppState, BearerKey, Store, demo_stories, router};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

const KEY: &str = "the editors' key";
/// A demo story.
const MAINFRAME: &str = "exit-the-mainframe-northbank";

/// A service over a fresh store of the demo stories, and its folder.
struct Service {
    state: AppState,
    router: Router,
    _dir: TempDir,
}

/// What was answered; `body` is null when it is empty or no JSON.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Service {
    fn new() -> Self {
        Self::with_key(Some(BearerKey::new(KEY.to_owned())))
    }

    fn with_key(key: Option<BearerKey>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("stories.db");
        let state = AppState::new(Store::open(&file, &demo_stories().unwrap()).unwrap(), key);
        Self { router: router(state.clone()), state, _dir: dir }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends a change as an editor.
    async fn edit(&self, method: Method, id: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/stories/{id}"))
            .header(header::AUTHORIZATION, format!("Bearer {KEY}"))
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }

    /// A demo story as JSON, under another id.
    async fn story(&self, id: &str) -> Value {
        let mut story = self.get(&format!("/api/stories/{MAINFRAME}")).await.body;
        story["id"] = id.into();
        story
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, body: serde_json::from_slice(&bytes).unwrap_or_default() }
    }
}

impl Answer {
    /// Asserts that it is a problem of this status and code, and returns the fields that it names.
    #[track_caller]
    fn problem(&self, status: u16, code: &str) -> Vec<&str> {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(self.body["type"], format!("/problems/{code}"), "{self:?}");
        assert_ne!(self.body["request_id"], "");
        let errors = self.body["errors"].as_array().map_or(&[][..], Vec::as_slice);
        errors.iter().filter_map(|error| error["field"].as_str()).collect()
    }

    /// The values of one field of every item of a list.
    fn each(&self, list: &str, field: &str) -> Vec<&str> {
        self.body[list].as_array().unwrap().iter().filter_map(|item| item[field].as_str()).collect()
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems() {
    let service = Service::new();
    service.get("/api/nothing").await.problem(404, "no-such-path");
    let patch = Request::patch(format!("/api/stories/{MAINFRAME}")).body(Body::empty()).unwrap();
    let answer = service.send(patch).await;
    answer.problem(405, "method-not-allowed");
    assert_eq!(answer.headers[header::ALLOW], "GET,HEAD,PUT,DELETE");
}

#[tokio::test]
async fn operators_find_it_ready_and_described() {
    let service = Service::new();
    assert_eq!(service.get("/readyz").await.status, StatusCode::OK);
    let api = service.get("/openapi.json").await.body;
    assert_eq!(api["info"]["title"], "Stories");
    let paths: Vec<_> = api["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "/api/stories",
        "/api/stories/facets",
        "/api/stories/feed",
        "/api/stories/import",
        "/api/stories/{id}",
        "/api/stories/{id}/related",
        "/events",
    ];
    assert_eq!(paths, expected);
}
