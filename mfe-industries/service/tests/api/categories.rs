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
    assert_eq!(retail["core"][0]["slug"], "data");
    assert_eq!(retail["specialised"], json!([]));
    let bar = json!({
        "id": "a", "title": "Story a", "start": "2015-04", "end": null,
        "offset": 250, "length": 750, "row": 0,
    });
    let oak = &retail["timeline"]["engagements"][0];
    assert_eq!(
        (&oak["client"], &oak["count"], &oak["rows"]),
        (&json!("Oak"), &json!(3), &json!(3))
    );
    assert_eq!((&oak["start"], &oak["end"]), (&json!("2015-04"), &json!(null)));
    assert_eq!(oak["bars"][0], bar);
    assert_eq!(retail["timeline"]["ticks"], json!([{ "year": "2015", "offset": 0 }]));

    let health = service.get("/api/industries/health-and-care/categories").await.body;
    assert_eq!(health["core"], json!([]));
    assert_eq!(health["specialised"][0]["stories"][0]["id"], "d");
}

#[tokio::test]
async fn an_unknown_industry_has_no_groups() {
    let answer = Service::ready().get("/api/industries/nothing/categories").await;
    answer.problem(404, "unknown-industry");
}

#[tokio::test]
async fn a_capability_has_its_own_stories_only() {
    let service = Service::ready();
    let retail = service.get("/api/industries/retail/categories").await.body;
    let data = service.get("/api/industries/retail/categories/data").await.body;
    assert_eq!(data["core"], retail["core"]);
    assert_eq!(data["industry"]["slug"], "retail");
    assert_eq!(data["industry"]["count"], 3);
    assert_eq!(data["timeline"]["engagements"][0]["bars"][0]["id"], "a");
}

#[tokio::test]
async fn what_names_nothing_is_a_problem_that_says_where_to_look() {
    let service = Service::ready();
    for path in ["nothing", "Data", "%00", "da%00ta", "..%2Fdata", "%F0%9F%A6%80"] {
        let answer = service.get(&format!("/api/industries/retail/categories/{path}")).await;
        answer.problem(404, "unknown-capability");
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains("GET /api/industries/retail/categories"), "{detail}");
    }
    service.get("/api/industries/no/categories/data").await.problem(404, "unknown-industry");
    service.get("/api/industries/retail/categories/%FF").await.problem(400, "invalid-input");
}
