use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use mfe_search_api::{HYBRID, KEYWORD, SEMANTIC, SUGGEST};
use serde_json::json;

use crate::{Service, stories};

#[tokio::test]
async fn search_by_meaning_says_that_it_is_off_and_what_to_call() {
    let service = Service::with(stories());
    for path in [SEMANTIC, HYBRID] {
        let (status, problem) = service.post(path, json!({ "query": "x" }).to_string()).await;
        assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
        assert_eq!(problem["type"], "/problems/meaning-search-is-off");
        assert!(problem["detail"].as_str().unwrap().contains(KEYWORD), "{problem}");
    }
}

#[tokio::test]
async fn nothing_is_answered_before_the_index_was_filled() {
    let service = Service::waiting();
    let (status, problem) = service.post(KEYWORD, json!({ "query": "" }).to_string()).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(problem["type"], "/problems/not-ready");
    for path in ["/readyz", &[SUGGEST, "?q=a"].concat()] {
        assert_eq!(service.get(path).await.0, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    assert_eq!(service.get("/healthz").await.0, StatusCode::OK);
}

#[tokio::test]
async fn wrong_methods_paths_and_media_types_are_told() {
    let service = Service::with(stories());
    assert_eq!(service.get(KEYWORD).await.0, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(service.post(SUGGEST, "").await.0, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(service.get("/api/search/nowhere").await.0, StatusCode::NOT_FOUND);
    let untyped = Request::post(KEYWORD).body(Body::from("{}")).unwrap();
    assert_eq!(service.send(untyped).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn the_api_describes_every_route() {
    let service = Service::with(stories());
    let (_, api) = service.get("/openapi.json").await;
    assert_eq!(api["info"]["title"], "Search");
    for path in [KEYWORD, SEMANTIC, HYBRID] {
        assert!(api["paths"][path]["post"].is_object(), "{path}");
    }
    assert!(api["paths"][SUGGEST]["get"].is_object());
}
