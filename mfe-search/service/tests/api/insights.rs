//! Searches are told of, counted and shown to analysts only.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use mfe_search_api::INSIGHTS;
use mfe_search_service::{AppState, Events, router};
use serde_json::{Value, json};
use service_kit::{BearerKey, Readiness};

use crate::{Service, stories};

async fn insights(service: &Service, key: &str, query: &str) -> (StatusCode, Value) {
    let request = Request::get([INSIGHTS, query].concat())
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .body(Body::empty())
        .unwrap();
    service.send(request).await
}

#[tokio::test]
async fn analysts_see_what_was_searched_for() {
    let mut service = Service::with(stories());
    let file = service.folder.path().join("events.sqlite");
    let (events, writing) = Events::open(&file).unwrap();
    let writing = tokio::spawn(writing);
    let mut state = AppState::new(service.index.published(), Readiness::ready());
    (state.events, state.events_file) = (Some(events), Some(file));
    state.analyst_key = Some(BearerKey::new("secret".to_owned()));
    service.router = router(state.clone());
    for query in ["ledger", "Ledger ", "ledger", "qqqqqqqq", ""] {
        service.search(json!({ "query": query })).await;
    }
    assert_eq!(insights(&service, "wrong", "").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(service.get(INSIGHTS).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(insights(&service, "secret", "?days=0").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(insights(&service, "secret", "?days=91").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    // Ends when no sender is left, with all written.
    state.events = None;
    service.router = router(state);
    writing.await.unwrap();
    let (status, seen) = insights(&service, "secret", "?days=1").await;
    assert_eq!(status, StatusCode::OK, "{seen}");
    assert_eq!(seen["searches"], 4, "a list is no search: {seen}");
    assert_eq!(seen["top"][0], json!({ "query": "ledger", "count": 3 }));
    assert_eq!(seen["without_result"], json!([{ "query": "qqqqqqqq", "count": 1 }]));
    assert_eq!(seen["without_result_rate"], 0.25);
    assert_eq!(seen["latency"][0]["mode"], "keyword");
    assert_eq!(insights(&service, "secret", "").await.1["searches"], 4, "counted once");
}

#[tokio::test]
async fn without_a_key_there_are_no_analysts() {
    let service = Service::with(stories());
    let (status, problem) = insights(&service, "any", "").await;
    assert_eq!(
        (status, &problem["type"]),
        (StatusCode::FORBIDDEN, &json!("/problems/insights-are-off"))
    );
}
