//! The service's HTTP surface over a handful of stories, and its index on disk.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

mod authorization;
mod errors;
mod facets;
mod feed;
mod index;
mod insights;
mod keyword;
mod meaning;
mod model;
mod provider;
mod ranking;
mod reading;
mod suggest;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use contract::{Change, ChangeKind, FeedPage};
use http_body_util::BodyExt;
use mfe_search_service::{AppState, Index, Meaning, Story, router};
use serde_json::{Value, json};
use service_kit::{FeedSink, Readiness};
use tempfile::TempDir;
use tower::ServiceExt;

/// The service over an index of its own.
struct Service {
    folder: TempDir,
    index: Index,
    router: Router,
}

impl Service {
    /// Returns the service with these stories in its index.
    fn with(stories: Vec<Story>) -> Self {
        Self::with_meaning(stories, None)
    }

    /// Returns the service with these stories in its index, and their vectors.
    fn with_meaning(stories: Vec<Story>, meaning: Option<Arc<Meaning>>) -> Self {
        let mut service = Self::waiting();
        service.index.apply(page(stories, "1")).unwrap();
        let published = service.index.published();
        if let Some(meaning) = &meaning {
            meaning.update(&published.latest(), None, || false).unwrap();
        }
        let mut state = AppState::new(published, Readiness::ready());
        state.meaning = meaning;
        service.router = router(state);
        service
    }

    /// Returns the service before it has seen the feed.
    fn waiting() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::open(folder.path()).unwrap();
        let (published, readiness) = (index.published(), Readiness::waiting("filling"));
        Self { folder, index, router: router(AppState::new(published, readiness)) }
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, Value) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: impl Into<Body>) -> (StatusCode, Value) {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.into())
            .unwrap();
        self.send(request).await
    }

    /// Searches by words and returns the answer.
    async fn search(&self, request: Value) -> Value {
        let (status, body) = self.post(mfe_search_api::KEYWORD, request.to_string()).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    /// Searches for a text and returns the ids found, best first, and the confidence.
    async fn find(&self, query: &str) -> (Vec<String>, String) {
        let answer = self.search(json!({ "query": query })).await;
        (ids(&answer), answer["confidence"].as_str().unwrap().to_owned())
    }
}

/// Returns the ids of an answer's results in their order.
fn ids(answer: &Value) -> Vec<String> {
    let results = answer["results"].as_array().unwrap();
    results.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

/// Returns the last page of a feed, telling these stories.
fn page(stories: Vec<Story>, cursor: &str) -> FeedPage<Story> {
    let change = |story: Story| Change {
        id: story.id.clone(),
        kind: ChangeKind::Upsert,
        value: Some(story),
    };
    let changes = stories.into_iter().map(change).collect();
    FeedPage { changes, cursor: cursor.to_owned(), more: false }
}

/// Returns a story that has a title and a summary.
fn story(id: &str, title: &str, summary: &str) -> Story {
    Story {
        id: id.to_owned(),
        title: title.to_owned(),
        summary: summary.to_owned(),
        start: "2020-01".to_owned(),
        category: "Build".to_owned(),
        ..Story::default()
    }
}

/// Three pieces of work and a story about the person.
fn stories() -> Vec<Story> {
    let mainframe = Story {
        client: "Northbank".to_owned(),
        industry: "Finance".to_owned(),
        capability: "Modernisation".to_owned(),
        start: "2017-03".to_owned(),
        theme: "Delivery".to_owned(),
        ..story("mainframe", "Exiting the Mainframe", "Two migrations of a ledger to Kubernetes.")
    };
    let orders = Story {
        client: "Great Lakes".to_owned(),
        industry: "Logistics".to_owned(),
        capability: "Modernisation".to_owned(),
        start: "2021-06".to_owned(),
        theme: "Delivery".to_owned(),
        ..story("orders", "One Stream of Orders", "Kafka for every depot.")
    };
    let cards = Story {
        client: "Meridian Card Services".to_owned(),
        industry: "Finance".to_owned(),
        capability: "Payments".to_owned(),
        start: "2019-01".to_owned(),
        theme: "Delivery".to_owned(),
        situation: vec!["Issuing took <b>twelve</b> days & nobody knew why.".to_owned()],
        ..story("cards", "Cards in Twelve Minutes", "A ledger for cards.")
    };
    let person = Story {
        industry: "Cross Industry".to_owned(),
        category: "Narrative".to_owned(),
        start: "2024-01".to_owned(),
        theme: "Person".to_owned(),
        ..story("person", "Why Software", "A ferry timetable.")
    };
    vec![mainframe, orders, cards, person]
}
