//! What the outbox is told.

use axum::{
    body::Body,
    http::{Method, Request},
};
use mfe_stories_service::{AppState, BearerKey, Store, demo_stories, router};
use serde_json::{Value, json};
use service_kit::{EDGE, EdgeKey, outbox::Outbox};

use crate::{Answer, KEY, MAINFRAME, Service};

const SHARED: &str = "the edge's key";

/// A service that tells, and what writes its views.
fn telling() -> (Service, impl Future<Output = ()>) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("stories.db");
    let store = Store::open(&file, &demo_stories().unwrap()).unwrap();
    let (queue, writing) = store.queue();
    let outbox = Outbox::open(&file, Some(EdgeKey::new(SHARED.to_owned()))).unwrap();
    let key = Some(BearerKey::new(KEY.to_owned()));
    let state = AppState::new(store, key).telling(queue, outbox);
    (Service { router: router(state.clone()), state, _dir: dir }, writing)
}

async fn events(service: &Service) -> Vec<(String, Value)> {
    let request = Request::get("/events?limit=500").header(EDGE, SHARED);
    let Answer { body, .. } = service.send(request.body(Body::empty()).unwrap()).await;
    let events = body["events"].as_array().unwrap().iter();
    events.map(|e| (e["kind"].as_str().unwrap().to_owned(), e["value"].clone())).collect()
}

#[tokio::test]
async fn changes_are_told_with_the_change_and_nothing_is_told_of_what_was_refused() {
    let (service, _writing) = telling();
    assert_eq!(events(&service).await, [], "the demo stories are no news");
    let story = service.story("new").await;
    service.edit(Method::PUT, "new", story.to_string()).await;
    service.edit(Method::PUT, "other", story.to_string()).await.problem(422, "invalid-input");
    let mut longer = story.clone();
    longer["title"] = "Another title of the same story".into();
    service.edit(Method::PUT, "new", longer.to_string()).await;
    service.edit(Method::DELETE, "new", "").await;
    service.edit(Method::DELETE, "new", "").await;
    let import = |body: String| {
        let request = Request::post("/api/stories/import")
            .header("authorization", format!("Bearer {KEY}"))
            .header("content-type", "application/jsonl");
        service.send(request.body(Body::from(body)).unwrap())
    };
    let report = import(format!("{story}\n")).await;
    assert_eq!(report.body["added"], 1, "{report:?}");
    assert_eq!(import(format!("{story}\n")).await.body["unchanged"], 1);
    let changes: Vec<Value> = events(&service)
        .await
        .into_iter()
        .map(|(kind, value)| {
            assert_eq!((kind.as_str(), &value["id"]), ("story.changed", &json!("new")));
            value["change"].clone()
        })
        .collect();
    assert_eq!(changes, ["added", "replaced", "removed", "added"]);
}

#[tokio::test]
async fn views_are_told_without_who_viewed() {
    let (service, writing) = telling();
    let path = format!("/api/stories/{MAINFRAME}");
    let view = Request::get(&path)
        .header("x-asterism-remote", "stories@0.1.0")
        .header("x-asterism-session", "somebody")
        .body(Body::empty());
    let etag = service.send(view.unwrap()).await.headers["etag"].clone();
    // Who has the page already views it too; who only asks about it does not.
    let again = Request::get(&path).header("if-none-match", etag).body(Body::empty()).unwrap();
    assert_eq!(service.send(again).await.status, 304);
    service.send(Request::head(&path).body(Body::empty()).unwrap()).await;
    service.get("/api/stories/nothing").await.problem(404, "unknown-story");
    tokio::select! {
        () = writing => {}
        () = tokio::time::sleep(std::time::Duration::from_millis(500)) => {}
    }
    let viewed = |value| ("story.viewed".to_owned(), value);
    let expected = [
        viewed(json!({ "id": MAINFRAME, "remote": "stories@0.1.0" })),
        viewed(json!({ "id": MAINFRAME })),
    ];
    assert_eq!(events(&service).await, expected);
}
