//! `GET /api/industries` and `GET /api/industries/{slug}`.

use axum::{body::Body, http::Request};
use serde_json::json;
use tower::ServiceExt;

use crate::{Service, upsert};

#[tokio::test]
async fn industries_are_listed_most_first() {
    let answer = Service::ready().get("/api/industries").await;
    assert_eq!(answer.body["total"], 4);
    let retail = json!({
        "slug": "retail", "name": "Retail", "count": 3,
        "clients": [{ "name": "Oak", "count": 3 }],
        "capabilities": [{ "name": "Data", "count": 3 }],
        "capability_count": 1,
        "from": "2015", "to": null,
    });
    assert_eq!(answer.body["industries"][0], retail);
    assert_eq!(answer.body["industries"][1]["slug"], "health-and-care");
}

#[tokio::test]
async fn who_has_the_list_is_told_so_until_it_changes() {
    let mut service = Service::ready();
    let paths = ["/api/industries", "/api/industries/retail", "/api/industries/retail/categories"];
    for path in paths {
        let list = service.get(path).await;
        assert_eq!(list.headers["cache-control"], "public, max-age=0, stale-if-error=86400");
        let etag = list.headers["etag"].to_str().unwrap();
        let known = |service: &Service| {
            let request = Request::get(path).header("if-none-match", etag);
            let request = request.body(Body::empty()).unwrap();
            let sent = service.router.clone().oneshot(request);
            async { sent.await.unwrap().status() }
        };
        assert_eq!(known(&service).await, 304, "{path}");
        let id = format!("new{}", path.len());
        service.read(path.len() as u32 + 10, false, &[upsert(&id, "Retail")]);
        assert_eq!(known(&service).await, 200, "{path}");
    }
}

#[tokio::test]
async fn one_industry_is_as_it_stands_in_the_list() {
    let service = Service::ready();
    let list = service.get("/api/industries").await.body;
    let one = service.get("/api/industries/health-and-care").await.body;
    assert_eq!(one, list["industries"][1]);
}

#[tokio::test]
async fn an_unknown_industry_is_a_problem_that_says_where_to_look() {
    let service = Service::ready();
    for slug in ["nothing", "Retail", "%00", "re%00tail", "health%20%26%20care"] {
        let answer = service.get(&format!("/api/industries/{slug}")).await;
        answer.problem(404, "unknown-industry");
        assert!(answer.body["detail"].as_str().unwrap().contains("GET /api/industries"));
    }
    service.get("/api/industries/%FF").await.problem(400, "invalid-input");
}

#[tokio::test]
async fn links_to_former_slugs_still_work() {
    let service = Service::ready();
    let today = service.get("/api/industries/health-and-care").await.body;
    assert_eq!(service.get("/api/industries/health-care").await.body, today);
}
