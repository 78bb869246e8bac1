//! The registry's history as events, over a gateway that shows it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a broken fixture must fail the test")]

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    routing::get,
};
use journal::{Delivered, Reading, Source, releases::Releases};
use serde::Deserialize;
use serde_json::{Value, json};
use service_kit::outbox::Cursor;

type History = Arc<Mutex<Vec<Value>>>;

#[derive(Deserialize)]
struct Part {
    before: Option<usize>,
    limit: usize,
}

fn revision(n: usize, action: &str) -> Value {
    json!({
        "revision": n, "released_at": format!("2026-11-27T10:00:{:02}Z", n % 60), "who": "somebody",
        "reason": "", "action": action, "remote": "alpha", "to": "0.1.0", "percent": 10,
        "manifest": { "schema": 1 }
    })
}

async fn list(State(history): State<History>, Query(part): Query<Part>) -> Json<Vec<Value>> {
    assert!((1..=100).contains(&part.limit), "a gateway refuses {}", part.limit);
    let history = history.lock().unwrap();
    let older = history.len().min(part.before.map_or(usize::MAX, |before| before - 1));
    Json(history[..older].iter().rev().take(part.limit).cloned().collect())
}

async fn one(
    State(history): State<History>,
    Path(n): Path<usize>,
) -> Result<Json<Value>, StatusCode> {
    history.lock().unwrap().get(n - 1).cloned().map(Json).ok_or(StatusCode::NOT_FOUND)
}

async fn gateway() -> (History, Releases) {
    let history = History::default();
    let routes = Router::new()
        .route("/registry/v1/revisions", get(list))
        .route("/registry/v1/revisions/{n}", get(one))
        .with_state(Arc::clone(&history));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let releases = Releases::new(&format!("http://{}/", listener.local_addr().unwrap()));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (history, releases)
}

async fn read(releases: &Releases, after: Option<&Cursor>) -> (Vec<i64>, Cursor, i64) {
    let Reading::Events(batch) = releases.read(after).await.unwrap() else { panic!("no events") };
    let id = |delivered: &Delivered| match delivered {
        Delivered::Event(event) => event.id,
        Delivered::Unreadable(text) => panic!("{text}"),
    };
    (batch.events.iter().map(id).collect(), batch.cursor, batch.head)
}

#[tokio::test]
async fn revisions_are_events_in_their_order() {
    let (history, releases) = gateway().await;
    assert_eq!(releases.read(None).await.unwrap(), Reading::Silent);
    *history.lock().unwrap() = (1..=60).map(|n| revision(n, "release")).collect();
    let (ids, cursor, head) = read(&releases, None).await;
    assert_eq!((ids, head), ((1..=50).collect(), 60));
    let (ids, cursor, _) = read(&releases, Some(&cursor)).await;
    assert_eq!(ids, (51..=60).collect::<Vec<_>>());
    let (ids, cursor, _) = read(&releases, Some(&cursor)).await;
    assert!(ids.is_empty());
    history.lock().unwrap().push(revision(61, "rollback"));
    let Reading::Events(batch) = releases.read(Some(&cursor)).await.unwrap() else { panic!() };
    let [Delivered::Event(event)] = &batch.events[..] else { panic!("{batch:?}") };
    assert_eq!((event.kind.as_str(), event.at), ("remote.rolled_back", 1_795_773_601));
    let value = json!({
        "remote": "alpha", "to": "0.1.0", "who": "somebody", "reason": "", "percent": 10
    });
    assert_eq!(event.value, value);
}

#[tokio::test]
async fn a_registry_that_was_made_anew_is_read_from_its_beginning() {
    let (history, releases) = gateway().await;
    *history.lock().unwrap() = (1..=3).map(|n| revision(n, "release")).collect();
    let (_, cursor, _) = read(&releases, None).await;
    // Shorter than it was, and longer, but another one.
    *history.lock().unwrap() = vec![revision(1, "release")];
    assert_eq!(releases.read(Some(&cursor)).await.unwrap(), Reading::Anew);
    let mut other: Vec<Value> = (1..=5).map(|n| revision(n, "release")).collect();
    other[0]["released_at"] = "2026-11-28T10:00:00Z".into();
    *history.lock().unwrap() = other;
    assert_eq!(releases.read(Some(&cursor)).await.unwrap(), Reading::Anew);
    assert_eq!(read(&releases, None).await.0, [1, 2, 3, 4, 5]);
}
