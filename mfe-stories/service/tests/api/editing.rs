//! `PUT` and `DELETE /api/stories/{id}`.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};

use crate::{KEY, MAINFRAME, Service};

#[tokio::test]
async fn a_story_is_added_then_replaced_then_removed() {
    let service = Service::new();
    let mut story = service.story("new-one").await;
    let added = service.edit(Method::PUT, "new-one", story.to_string()).await;
    assert_eq!(added.status, StatusCode::CREATED);
    story["title"] = "Again".into();
    let replaced = service.edit(Method::PUT, "new-one", story.to_string()).await;
    assert_eq!(replaced.status, StatusCode::OK);
    assert_eq!(replaced.body, story);
    let read = service.get("/api/stories/new-one").await;
    assert_eq!(read.body, story);
    assert_eq!(read.headers[header::ETAG], replaced.headers[header::ETAG]);
    assert_ne!(read.headers[header::ETAG], added.headers[header::ETAG]);

    let removed = service.edit(Method::DELETE, "new-one", "").await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    service.get("/api/stories/new-one").await.problem(404, "unknown-story");
    service.edit(Method::DELETE, "new-one", "").await.problem(404, "unknown-story");
}

#[tokio::test]
async fn only_an_editor_changes_stories() {
    let service = Service::new();
    let last_differs = format!("Bearer {}!", &KEY[..KEY.len() - 1]);
    let longer = format!("Bearer {KEY}x");
    let basic = format!("Basic {KEY}");
    for authorization in
        [None, Some("Bearer "), Some(KEY), Some(&*last_differs), Some(&*longer), Some(&*basic)]
    {
        for method in [Method::PUT, Method::DELETE] {
            let mut request =
                Request::builder().method(method).uri(["/api/stories/", MAINFRAME].concat());
            if let Some(value) = authorization {
                request = request.header(header::AUTHORIZATION, value);
            }
            let answer = service.send(request.body(Body::from("{")).unwrap()).await;
            answer.problem(401, "not-an-editor");
            assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
        }
    }
    assert_eq!(service.get("/api/stories").await.body["total"], 120);
}

#[tokio::test]
async fn without_a_key_editing_is_off_for_everybody() {
    let service = Service::with_key(None);
    for method in [Method::PUT, Method::DELETE] {
        service.edit(method, MAINFRAME, "{}").await.problem(403, "editing-is-off");
    }
}

#[tokio::test]
async fn a_wrong_story_is_refused_with_every_field() {
    let service = Service::new();
    let mut story = service.story("new-one").await;
    story["title"] = "".into();
    story["start"] = "2020-13".into();
    let answer = service.edit(Method::PUT, "new-one", story.to_string()).await;
    assert_eq!(answer.problem(422, "invalid-input"), ["title", "start"]);

    let story = service.story("another").await;
    let answer = service.edit(Method::PUT, "new-one", story.to_string()).await;
    assert_eq!(answer.problem(422, "invalid-input"), ["id"]);

    let mut story = service.story("new-one").await;
    story["colour"] = "violet".into();
    let answer = service.edit(Method::PUT, "new-one", story.to_string()).await;
    assert_eq!(answer.problem(422, "invalid-input"), ["colour"]);
    service.get("/api/stories/new-one").await.problem(404, "unknown-story");
}

#[tokio::test]
async fn a_body_that_is_no_story_is_refused() {
    let service = Service::new();
    let put = async |body: String| service.edit(Method::PUT, "new-one", body).await;
    put("{\"id\":".to_owned()).await.problem(400, "malformed-json");
    put("{}".to_owned()).await.problem(422, "invalid-input");
    put("x".repeat(5 * 1024 * 1024)).await.problem(413, "body-too-large");
}
