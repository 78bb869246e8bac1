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
