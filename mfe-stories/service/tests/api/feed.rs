//! `GET /api/stories/feed`. The clock is paused: waiting takes no time.

use std::time::Duration;

use axum::http::Method;
use tokio::time::Instant;

use crate::{Answer, MAINFRAME, Service};

fn cursor(answer: &Answer) -> &str {
    answer.body["cursor"].as_str().unwrap()
}

async fn after(service: &Service, cursor: &str, more: &str) -> Answer {
    service.get(&format!("/api/stories/feed?after={cursor}{more}")).await
}

/// The cursor at the end of the demo stories.
async fn end(service: &Service) -> String {
    cursor(&service.get("/api/stories/feed?limit=500").await).to_owned()
}

#[tokio::test]
async fn pages_follow_each_other_to_the_end() {
    let service = Service::new();
    let mut answer = service.get("/api/stories/feed?limit=50").await;
    let mut ids: Vec<_> = answer.each("changes", "id").into_iter().map(str::to_owned).collect();
    while answer.body["more"] == true {
        answer = after(&service, cursor(&answer), "&limit=50").await;
        ids.extend(answer.each("changes", "id").into_iter().map(str::to_owned));
    }
    assert_eq!(ids.len(), 120);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 120);
    let rest = after(&service, cursor(&answer), "").await;
    assert!(rest.each("changes", "id").is_empty());
    assert_eq!(cursor(&rest), cursor(&answer));
}

#[tokio::test]
async fn a_page_that_ends_exactly_at_the_end_says_that_nothing_follows() {
    let service = Service::new();
    assert_eq!(service.get("/api/stories/feed?limit=119").await.body["more"], true);
    assert_eq!(service.get("/api/stories/feed?limit=120").await.body["more"], false);
}

#[tokio::test]
async fn only_the_last_change_of_a_story_is_told() {
    let service = Service::new();
    let end = end(&service).await;
    let mut story = service.story("new-one").await;
    for title in ["First", "Second"] {
        story["title"] = title.into();
        service.edit(Method::PUT, "new-one", story.to_string()).await;
    }
    service.edit(Method::DELETE, MAINFRAME, "").await;
    let answer = after(&service, &end, "").await;
    assert_eq!(answer.each("changes", "id"), ["new-one", MAINFRAME]);
    assert_eq!(answer.each("changes", "kind"), ["upsert", "delete"]);
    assert_eq!(answer.body["changes"][0]["value"]["title"], "Second");
    assert_eq!(answer.body["changes"][1].get("value"), None);
}

#[tokio::test(start_paused = true)]
async fn a_waiting_follower_is_woken_by_a_change() {
    let service = Service::new();
    let end = end(&service).await;
    let story = service.story("new-one").await.to_string();
    let (page, _) = tokio::join!(
        after(&service, &end, "&wait=30"),
        service.edit(Method::PUT, "new-one", story),
    );
    assert_eq!(page.each("changes", "id"), ["new-one"]);
}

#[tokio::test(start_paused = true)]
async fn a_follower_waits_as_long_as_it_asked_and_keeps_its_cursor() {
    let service = Service::new();
    let end = end(&service).await;
    let started = Instant::now();
    let page = after(&service, &end, "&wait=30").await;
    assert!(started.elapsed() >= Duration::from_secs(30));
    assert_eq!(cursor(&page), end);
    assert!(page.each("changes", "id").is_empty());
}

#[tokio::test(start_paused = true)]
async fn stopping_ends_the_wait_at_once() {
    let service = Service::new();
    let end = end(&service).await;
    let started = Instant::now();
    service.state.close();
    let page = after(&service, &end, "&wait=30").await;
    assert!(started.elapsed() < Duration::from_secs(30));
    assert_eq!(cursor(&page), end);
}

#[tokio::test]
async fn wrong_cursors_and_numbers_are_refused() {
    let service = Service::new();
    let stranger = end(&Service::new()).await;
    after(&service, &stranger, "").await.problem(410, "stale-cursor");
    let (epoch, seq) = stranger.split_once('-').unwrap();
    for malformed in ["", "1", epoch, seq, &format!("{epoch}-x"), "%00"] {
        let answer = after(&service, malformed, "").await;
        assert_eq!(answer.problem(400, "malformed-cursor"), ["after"]);
    }
    for (query, field) in [("limit=0", "limit"), ("limit=501", "limit"), ("wait=31", "wait")] {
        let answer = service.get(&format!("/api/stories/feed?{query}")).await;
        assert_eq!(answer.problem(422, "invalid-input"), [field]);
    }
    service.get("/api/stories/feed?since=1").await.problem(400, "invalid-input");
}
