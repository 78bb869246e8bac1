//! What is answered while the feed is read, changes, and begins anew.

use axum::http::header;
use serde_json::json;
use service_kit::FeedSink;

use crate::{Service, upsert};

const PATHS: [&str; 4] = [
    "/api/industries",
    "/api/industries/retail",
    "/api/industries/retail/categories",
    "/api/industries/retail/categories/data",
];

#[tokio::test]
async fn nothing_is_answered_before_the_whole_feed_was_read() {
    let mut service = Service::waiting();
    service.get("/readyz").await.problem(503, "not-ready");
    service.read(1, true, &[upsert("a", "Retail")]);
    for path in PATHS {
        let answer = service.get(path).await;
        answer.problem(503, "not-ready");
        assert_eq!(answer.headers[header::RETRY_AFTER], "1");
    }
    service.read(2, false, &[upsert("b", "Retail")]);
    assert_eq!(service.get("/api/industries").await.body["total"], 2);
}

#[tokio::test]
async fn a_feed_without_stories_is_an_empty_list() {
    let mut service = Service::waiting();
    service.read(0, false, &[]);
    assert_eq!(service.get("/api/industries").await.body, json!({ "industries": [], "total": 0 }));
}

#[tokio::test]
async fn changes_move_and_remove_stories() {
    let mut service = Service::ready();
    service.read(3, false, &[upsert("a", "Health & Care"), json!({ "id": "b", "kind": "delete" })]);
    let body = service.get("/api/industries").await.body;
    assert_eq!(body["total"], 3);
    assert_eq!(body["industries"][0]["slug"], "health-and-care");
    assert_eq!(body["industries"][0]["count"], 2);
    service.read(4, false, &[json!({ "id": "c", "kind": "delete" })]);
    service.get("/api/industries/retail").await.problem(404, "unknown-industry");
}

#[tokio::test]
async fn the_last_view_stays_until_a_feed_that_begins_anew_was_read() {
    let mut service = Service::ready();
    service.sink.reset().unwrap();
    assert_eq!(service.sink.cursor(), None);
    assert_eq!(service.get("/api/industries").await.body["total"], 4);
    service.read(1, true, &[upsert("z", "Mining")]);
    assert_eq!(service.get("/api/industries").await.body["total"], 4);
    service.read(2, false, &[]);
    let body = service.get("/api/industries").await.body;
    assert_eq!(body["total"], 1);
    assert_eq!(body["industries"][0]["slug"], "mining");
}

#[test]
fn the_cursor_is_that_of_the_last_page() {
    let mut service = Service::waiting();
    assert_eq!(service.sink.cursor(), None);
    service.read(7, false, &[]);
    assert_eq!(service.sink.cursor().as_deref(), Some("7"));
}
