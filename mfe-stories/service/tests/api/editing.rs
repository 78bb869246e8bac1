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

/// Sends a change as an editor, under a condition.
async fn edit_if(
    service: &Service,
    method: Method,
    id: &str,
    (name, value): (header::HeaderName, &str),
    body: String,
) -> crate::Answer {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/stories/{id}"))
        .header(header::AUTHORIZATION, format!("Bearer {KEY}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(name, value);
    service.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn two_editors_do_not_overwrite_each_other() {
    let service = Service::new();
    let path = format!("/api/stories/{MAINFRAME}");
    let seen = service.get(&path).await.headers[header::ETAG].clone();
    let seen = seen.to_str().unwrap();
    assert!(!seen.starts_with("W/"), "{seen}");
    let mut story = service.story(MAINFRAME).await;
    story["title"] = "By the first".into();
    let first =
        edit_if(&service, Method::PUT, MAINFRAME, (header::IF_MATCH, seen), story.to_string())
            .await;
    assert_eq!(first.status, StatusCode::OK);
    story["title"] = "By the second".into();
    for (method, body) in [(Method::PUT, story.to_string()), (Method::DELETE, String::new())] {
        let second = edit_if(&service, method, MAINFRAME, (header::IF_MATCH, seen), body).await;
        second.problem(412, "stale-version");
        // What to look at now.
        assert_eq!(second.headers[header::ETAG], first.headers[header::ETAG]);
    }
    let read = service.get(&path).await;
    assert_eq!(read.body["title"], "By the first");
    let now = read.headers[header::ETAG].to_str().unwrap();
    let removed =
        edit_if(&service, Method::DELETE, MAINFRAME, (header::IF_MATCH, now), String::new()).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    let again =
        edit_if(&service, Method::DELETE, MAINFRAME, (header::IF_MATCH, now), String::new()).await;
    again.problem(404, "unknown-story");
    let put =
        edit_if(&service, Method::PUT, MAINFRAME, (header::IF_MATCH, now), story.to_string()).await;
    put.problem(412, "stale-version");
    assert!(!put.headers.contains_key(header::ETAG));
}

#[tokio::test]
async fn a_story_can_be_added_only_if_there_is_none() {
    let service = Service::new();
    let story = service.story("new-one").await.to_string();
    let absent = (header::IF_NONE_MATCH, "*");
    let added = edit_if(&service, Method::PUT, "new-one", absent.clone(), story.clone()).await;
    assert_eq!(added.status, StatusCode::CREATED);
    edit_if(&service, Method::PUT, "new-one", absent, story).await.problem(412, "stale-version");
}

#[tokio::test]
async fn a_changed_title_leaves_the_links_to_a_story_alone() {
    let service = Service::new();
    let mut story = service.story(MAINFRAME).await;
    story["title"] = "Off the Mainframe".into();
    service.edit(Method::PUT, MAINFRAME, story.to_string()).await;
    let answer = service.get(&format!("/api/stories/{MAINFRAME}")).await;
    assert_eq!(
        (answer.body["id"].as_str(), answer.body["title"].as_str()),
        (Some(MAINFRAME), Some("Off the Mainframe"))
    );
}

#[tokio::test]
async fn null_bytes_and_wrong_types_are_the_callers_fault() {
    let service = Service::new();
    let story = service.story("new-one").await;
    for (field, value) in [
        ("title", "nul\0".into()),
        ("tags", serde_json::json!(["nul\0"])),
        ("situation", "one text".into()),
        ("start", 2017.into()),
        ("client_kind", "unknown".into()),
        ("metrics", serde_json::json!({})),
        ("division", "x".repeat(201).into()),
    ] {
        let mut story = story.clone();
        story[field] = value;
        let answer = service.edit(Method::PUT, "new-one", story.to_string()).await;
        let fields = answer.problem(422, "invalid-input");
        assert!(fields[0].starts_with(field), "{fields:?} for {field}");
    }
    let mut nul = story.clone();
    nul["id"] = "nul\0".into();
    service.edit(Method::PUT, "nul%00", nul.to_string()).await.problem(422, "invalid-input");
    service.edit(Method::DELETE, "nul%00", "").await.problem(404, "unknown-story");
    service.edit(Method::PUT, "%ff", story.to_string()).await.problem(400, "invalid-input");
}
