//! The HTTP surface of the industries service, a file per resource.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

mod authorization;
mod categories;
mod feed;
mod industries;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use contract::FeedPage;
use http_body_util::BodyExt;
use mfe_industries_service::{AppState, Followed, router};
use serde_json::{Value, json};
use service_kit::FeedSink;
use tower::ServiceExt;

/// A service and the sink that a follower would fill.
struct Service {
    router: Router,
    sink: Followed,
}

/// What was answered; `body` is null when it is empty or no JSON.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Service {
    /// One that has read nothing yet.
    fn waiting() -> Self {
        let state = AppState::waiting();
        Self { sink: Followed::new(state.view()), router: router(state) }
    }

    /// One that has read three stories of retail and one of health.
    fn ready() -> Self {
        let mut service = Self::waiting();
        service.read(1, false, &[upsert("a", "Retail"), upsert("b", "Retail")]);
        service.read(2, false, &[upsert("c", "Retail"), upsert("d", "Health & Care")]);
        service
    }

    /// Reads a page as the feed would send it.
    fn read(&mut self, cursor: u32, more: bool, changes: &[Value]) {
        let page = json!({ "changes": changes, "cursor": cursor.to_string(), "more": more });
        self.sink.apply(serde_json::from_value::<FeedPage<_>>(page).unwrap()).unwrap();
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, body: serde_json::from_slice(&bytes).unwrap_or_default() }
    }
}

impl Answer {
    /// Asserts that it is a problem of this status and code.
    #[track_caller]
    fn problem(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(self.body["type"], format!("/problems/{code}"), "{self:?}");
        assert_ne!(self.body["request_id"], "");
    }
}

/// A change with more fields than this domain knows.
fn upsert(id: &str, industry: &str) -> Value {
    json!({ "id": id, "kind": "upsert", "value": {
        "id": id, "title": format!("Story {id}"), "client": "Oak", "client_kind": "named",
        "role": "Lead", "start": "2015-04", "end": null, "industry": industry,
        "category": "Build", "capability": "Data", "tags": ["unknown here"],
        "metrics": [{ "value": "$3", "label": "saved" }],
    }})
}

#[tokio::test]
async fn unknown_paths_methods_and_bodies_are_problems() {
    let service = Service::ready();
    service.get("/api/nothing").await.problem(404, "no-such-path");
    let big = Body::from("x".repeat(5 * 1024 * 1024));
    let answer = service.send(Request::post("/api/industries").body(big).unwrap()).await;
    answer.problem(405, "method-not-allowed");
    assert_eq!(answer.headers[header::ALLOW], "GET,HEAD");
}

#[tokio::test]
async fn the_api_is_described() {
    let api = Service::ready().get("/openapi.json").await.body;
    assert_eq!(api["info"]["title"], "Industries");
    let paths: Vec<_> = api["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "/api/industries",
        "/api/industries/{slug}",
        "/api/industries/{slug}/categories",
        "/api/industries/{slug}/categories/{capability}",
    ];
    assert_eq!(paths, expected);
}
