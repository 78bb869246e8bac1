//! `GET /api/stories`.

use std::collections::BTreeSet;

use crate::Service;

#[tokio::test]
async fn the_first_page_has_the_twenty_newest() {
    let answer = Service::new().get("/api/stories").await;
    let starts = answer.each("results", "start");
    assert_eq!(starts.len(), 20);
    assert!(starts.is_sorted_by(|a, b| a >= b), "{starts:?}");
    assert_eq!(answer.body["total"], 120);
    assert_eq!((&answer.body["page"], &answer.body["per_page"]), (&1.into(), &20.into()));
}

#[tokio::test]
async fn pages_have_every_story_once_and_then_none() {
    let service = Service::new();
    for sort in ["newest", "oldest", "title"] {
        let mut ids = BTreeSet::new();
        for page in 1..=4 {
            let path = format!("/api/stories?sort={sort}&per_page=37&page={page}");
            let answer = service.get(&path).await;
            ids.extend(answer.each("results", "id").into_iter().map(str::to_owned));
        }
        assert_eq!(ids.len(), 120, "{sort}");
    }
    let beyond = service.get("/api/stories?per_page=100&page=4294967295").await;
    assert!(beyond.each("results", "id").is_empty());
    assert_eq!(beyond.body["total"], 120);
}

#[tokio::test]
async fn orders_are_by_start_and_by_headline() {
    let service = Service::new();
    let oldest = service.get("/api/stories?sort=oldest&per_page=100").await;
    assert!(oldest.each("results", "start").is_sorted());
    let titles = service.get("/api/stories?sort=title&per_page=100").await;
    assert!(titles.each("results", "title").is_sorted_by_key(|title| title.to_lowercase()));
}

#[tokio::test]
async fn values_join_by_or_and_filters_by_and() {
    let service = Service::new();
    let total = async |query: &str| {
        service.get(&format!("/api/stories?{query}")).await.body["total"].as_u64().unwrap()
    };
    let (retail, health) = (total("industry=Retail").await, total("industry=Healthcare").await);
    assert!(retail > 0 && health > 0);
    assert_eq!(total("industry=Retail%7CHealthcare").await, retail + health);

    let both = service.get("/api/stories?industry=Retail|Healthcare&category=Build").await;
    let industries: BTreeSet<_> = both.each("results", "industry").into_iter().collect();
    assert_eq!(industries, BTreeSet::from(["Healthcare", "Retail"]));
    assert!(both.body["total"].as_u64().unwrap() < retail + health);

    assert_eq!(total("industry=Underwater%20Basketry").await, 0);
    assert_eq!(total("industry=").await, 120);
    // A value is data, whatever it looks like.
    assert_eq!(total("client=%27)%20OR%201=1--").await, 0);
}

#[tokio::test]
async fn wrong_queries_name_the_field() {
    let service = Service::new();
    for (query, field) in [
        ("page=0", "page"),
        ("per_page=0", "per_page"),
        ("per_page=101", "per_page"),
        ("sort=best", "sort"),
    ] {
        let answer = service.get(&format!("/api/stories?{query}")).await;
        assert_eq!(answer.problem(422, "invalid-input"), [field]);
    }
    for query in ["pages=1", "page=one", "page=-1", "page=4294967296", "page=1&page=2"] {
        let answer = service.get(&format!("/api/stories?{query}")).await;
        answer.problem(400, "invalid-input");
        assert!(answer.body["detail"].as_str().unwrap().contains("page"), "{answer:?}");
    }
}

#[tokio::test]
async fn null_bytes_in_a_query_are_refused() {
    let service = Service::new();
    for field in ["industry", "client", "era", "sort"] {
        let answer = service.get(&format!("/api/stories?{field}=a%00b")).await;
        assert_eq!(answer.problem(422, "invalid-input"), [field]);
    }
    service.get("/api/stories?page=%00").await.problem(400, "invalid-input");
    service.get("/api/stories?nul%00=1").await.problem(400, "invalid-input");
    service.get("/api/stories/feed?after=%00").await.problem(400, "malformed-cursor");
    service.get("/api/stories/%00/related").await.problem(404, "unknown-story");
}
