//! `GET /api/industries/{slug}/categories`.

use serde_json::json;

use crate::Service;

#[tokio::test]
async fn groups_have_links_with_a_headline() {
    let service = Service::ready();
    let retail = service.get("/api/industries/retail/categories").await.body;
    assert_eq!(retail["industry"], service.get("/api/industries/retail").await.body);
    assert_eq!(retail["core"][0]["name"], "Data");
    assert_eq!(retail["core"][0]["count"], 3);
    let link = json!({
        "id": "a", "title": "Story a", "client": "Oak", "role": "Lead",
        "start": "2015-04", "end": null, "headline": "$3 saved",
    });
    assert_eq!(retail["core"][0]["stories"][0], link);
    assert_eq!(retail["specialised"], json!([]));

    let health = service.get("/api/industries/health-care/categories").await.body;
    assert_eq!(health["core"], json!([]));
    assert_eq!(health["specialised"][0]["stories"][0]["id"], "d");
}

#[tokio::test]
async fn an_unknown_industry_has_no_groups() {
    let answer = Service::ready().get("/api/industries/nothing/categories").await;
    answer.problem(404, "unknown-industry");
}
