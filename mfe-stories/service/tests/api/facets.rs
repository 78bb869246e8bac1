//! `GET /api/stories/facets`.

use axum::http::Method;

use crate::{MAINFRAME, Service};

#[tokio::test]
async fn counts_are_most_first_and_add_up() {
    let body = Service::new().get("/api/stories/facets").await.body;
    assert_eq!(body["total"], 120);
    for facet in
        ["industry", "capability", "client", "role", "sub_category", "era", "theme", "category"]
    {
        let counts: Vec<_> =
            body[facet].as_array().unwrap().iter().map(|c| c["count"].as_u64().unwrap()).collect();
        assert!(counts.is_sorted_by(|a, b| a >= b), "{facet}: {counts:?}");
        assert_eq!(counts.iter().sum::<u64>(), 120, "{facet}");
    }
}

#[tokio::test]
async fn counts_agree_with_the_list_also_after_a_change() {
    let service = Service::new();
    service.edit(Method::DELETE, MAINFRAME, "").await;
    let facets = service.get("/api/stories/facets").await.body;
    assert_eq!(facets["total"], 119);
    for count in facets["industry"].as_array().unwrap() {
        let name = count["value"].as_str().unwrap().replace('&', "%26").replace(' ', "%20");
        let list = service.get(&format!("/api/stories?industry={name}")).await.body;
        assert_eq!(list["total"], count["count"], "{name}");
    }
}
