//! `GET /api/stories/{id}/related`.

use std::collections::BTreeSet;

use crate::{MAINFRAME, Service};

#[tokio::test]
async fn four_are_given_with_reasons_and_not_all_of_one_client() {
    let service = Service::new();
    let answer = service.get(&format!("/api/stories/{MAINFRAME}/related")).await;
    assert_eq!(answer.each("results", "reason").len(), 4);
    let stories: Vec<_> =
        answer.body["results"].as_array().unwrap().iter().map(|found| &found["story"]).collect();
    assert!(stories.iter().all(|story| story["id"] != MAINFRAME));
    let clients: BTreeSet<_> =
        stories.iter().filter_map(|story| story["client"].as_str()).collect();
    assert!(clients.len() > 1, "{clients:?}");
}

#[tokio::test]
async fn the_limit_is_kept() {
    let service = Service::new();
    for limit in [1, 7, 20] {
        let answer = service.get(&format!("/api/stories/{MAINFRAME}/related?limit={limit}")).await;
        assert_eq!(answer.each("results", "reason").len(), limit);
    }
}

#[tokio::test]
async fn wrong_requests_are_refused() {
    let service = Service::new();
    service.get("/api/stories/nobody/related").await.problem(404, "unknown-story");
    for limit in ["0", "21", "4294967296"] {
        let answer = service.get(&format!("/api/stories/{MAINFRAME}/related?limit={limit}")).await;
        assert_eq!(answer.problem(422, "invalid-input"), ["limit"]);
    }
    service
        .get(&format!("/api/stories/{MAINFRAME}/related?n=1"))
        .await
        .problem(400, "invalid-input");
}

#[tokio::test]
async fn what_changes_is_related_otherwise_at_once() {
    let service = Service::new();
    let path = format!("/api/stories/{MAINFRAME}/related?limit=20");
    let ids = async || -> Vec<String> {
        let answer = service.get(&path).await;
        let results = answer.body["results"].as_array().unwrap();
        results.iter().map(|found| found["story"]["id"].as_str().unwrap().to_owned()).collect()
    };
    assert!(!ids().await.contains(&"twin".to_owned()));
    let twin = service.story("twin").await;
    service.edit(axum::http::Method::PUT, "twin", twin.to_string()).await;
    assert_eq!(ids().await[0], "twin");
    service.edit(axum::http::Method::DELETE, "twin", "").await;
    assert!(!ids().await.contains(&"twin".to_owned()));
}

#[tokio::test]
async fn narrative_stories_are_left_out_unless_asked_for() {
    let service = Service::new();
    let narrative = service.get("/api/stories?category=Narrative&per_page=100").await;
    let narrative = narrative.each("results", "id");
    let path = format!("/api/stories/{}/related?limit=20", narrative[0]);
    let count = async |query: &str| {
        let answer = service.get(&[&path, query].concat()).await;
        let results = answer.body["results"].as_array().unwrap();
        results.iter().filter(|r| narrative.contains(&r["story"]["id"].as_str().unwrap())).count()
    };
    assert_eq!(count("").await, 0);
    assert!(count("&narrative=true").await > 0);
}
