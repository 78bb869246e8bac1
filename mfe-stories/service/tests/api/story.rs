//! `GET /api/stories/{id}`.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::json;

use crate::{MAINFRAME, Service};

#[tokio::test]
async fn a_story_has_everything() {
    let answer = Service::new().get(&format!("/api/stories/{MAINFRAME}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body["title"], "Exiting the Mainframe in Nineteen Months");
    let metric = json!({ "value": "19 months", "label": "from kickoff to switch-off" });
    assert_eq!(answer.body["metrics"][0], metric);
    assert_eq!(answer.body.as_object().unwrap().len(), 32);
}

#[tokio::test]
async fn an_unknown_story_is_a_problem_that_says_where_to_look() {
    let service = Service::new();
    for id in ["nobody", "%00", "%27%20OR%201=1", "UPPER"] {
        let answer = service.get(&format!("/api/stories/{id}")).await;
        answer.problem(404, "unknown-story");
        assert!(answer.body["detail"].as_str().unwrap().contains("GET /api/stories"));
    }
}

#[tokio::test]
async fn a_caller_who_has_this_version_is_told_so() {
    let service = Service::new();
    let path = format!("/api/stories/{MAINFRAME}");
    let etag = service.get(&path).await.headers[header::ETAG].clone();
    let ask = async |known: &str| {
        let request = Request::get(&path).header(header::IF_NONE_MATCH, known);
        service.send(request.body(Body::empty()).unwrap()).await
    };
    let known = etag.to_str().unwrap();
    for known in [known, &format!("\"other\", {known}"), &format!("W/{known}"), "*"] {
        let answer = ask(known).await;
        assert_eq!(answer.status, StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(answer.headers[header::ETAG], etag);
    }
    assert_eq!(ask("\"other\"").await.status, StatusCode::OK);

    let mut story = service.story(MAINFRAME).await;
    story["title"] = "Changed".into();
    service.edit(axum::http::Method::PUT, MAINFRAME, story.to_string()).await;
    let answer = ask(known).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body["title"], "Changed");
}
