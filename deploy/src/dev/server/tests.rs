use std::{path::Path, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode},
    routing::get,
};
use futures_util::StreamExt;
use http_body_util::BodyExt;
use tokio::{net::TcpListener, sync::watch};
use tower::ServiceExt;

use super::{Dev, Upstreams, router, sample};
use crate::dev::{Current, Draft};

fn built(build: &str) -> Current {
    let made = sample::draft(build);
    let files = made.files.into_iter().map(|(name, bytes)| (name, bytes.into())).collect();
    let draft = Draft { descriptor: made.descriptor, files };
    Current { generation: 1, draft: Some(Arc::new(draft)), ..Current::default() }
}

fn dev(folder: &Path, site: Option<String>) -> (watch::Sender<Current>, Router) {
    let (sender, current) = watch::channel(built("one"));
    let upstreams =
        Upstreams::new(site, folder.join("data"), Vec::new(), folder.to_owned()).unwrap();
    let origin = "http://localhost:9001".to_owned();
    (sender, router(Dev { name: "visits".to_owned(), origin, current, upstreams }))
}

async fn ask(router: &Router, path: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(path).header("host", "localhost:9001");
    let request = request.body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test]
async fn a_site_may_read_the_remote_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("get-api-visits.json"), "[1]").unwrap();
    let (_sender, router) = dev(folder.path(), None);
    for (path, open) in [
        ("/remote.json", true),
        ("/visits-one.js", true),
        ("/api/visits", false),
        ("/", false),
        ("/__asterism/host.js", false),
    ] {
        let (status, headers, _) = ask(&router, path).await;
        assert_eq!(status, 200, "{path}");
        assert_eq!(headers.contains_key("access-control-allow-origin"), open, "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
    }
    assert_eq!(ask(&router, "/visits-two.js").await.0, 404);
}

#[tokio::test]
async fn every_address_of_the_remote_is_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let (_sender, router) = dev(folder.path(), None);
    for path in ["/", "/visits", "/visits/a/b?x=1"] {
        let (status, _, text) = ask(&router, path).await;
        assert_eq!(status, 200, "{path}");
        assert!(text.contains(r#""name":"visits""#) && text.contains("page.js"), "{path}");
    }
}

#[tokio::test]
async fn another_name_for_this_machine_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (_sender, router) = dev(folder.path(), None);
    for (host, status) in [("localhost:9001", 200), ("127.0.0.1:9001", 200), ("evil.example", 421)]
    {
        let request = Request::get("/").header("host", host).body(Body::empty()).unwrap();
        assert_eq!(router.clone().oneshot(request).await.unwrap().status(), status, "{host}");
    }
}

#[tokio::test]
async fn a_service_answers_and_where_it_is_down_a_fixture_does() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = format!("http://{}", listener.local_addr().unwrap());
    let services = Router::new()
        .route("/api/visits", get(|| async { "real" }))
        .route("/api/visits/down", get(|| async { StatusCode::BAD_GATEWAY }))
        .route("/api/visits/gone", get(|| async { StatusCode::NOT_FOUND }));
    let serving = tokio::spawn(async move { axum::serve(listener, services).await });
    let folder = tempfile::tempdir().unwrap();
    for file in ["get-api-visits.json", "get-api-visits-_.json"] {
        std::fs::write(folder.path().join(file), "made up").unwrap();
    }
    let (_sender, with_site) = dev(folder.path(), Some(site));
    let (_sender, alone) = dev(folder.path(), None);
    for (router, path, status, body, fixture) in [
        (&with_site, "/api/visits", 200, "real", None),
        (&with_site, "/api/visits/down", 200, "made up", Some("get-api-visits-_.json")),
        // An answer is an answer, whatever it says.
        (&with_site, "/api/visits/gone", 404, "", None),
        (&alone, "/api/visits?x=1", 200, "made up", Some("get-api-visits.json")),
    ] {
        let (answered, headers, text) = ask(router, path).await;
        assert_eq!((answered.as_u16(), &*text), (status, body), "{path}");
        let named = headers.get("x-asterism-fixture").and_then(|name| name.to_str().ok());
        assert_eq!(named, fixture, "{path}");
    }
    let (status, _, text) = ask(&alone, "/api/other").await;
    assert_eq!(status, 503);
    assert!(text.contains("fixtures/get-api-other.json"), "{text}");
    serving.abort();
}

#[tokio::test]
async fn a_page_hears_what_is_and_what_becomes() {
    let folder = tempfile::tempdir().unwrap();
    let (sender, router) = dev(folder.path(), None);
    let request = Request::get("/__asterism/events").body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    let mut events = response.into_body().into_data_stream();
    let mut next = async || {
        let bytes = events.next().await.unwrap().unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    assert!(next().await.contains(r#""generation":1"#));
    sender.send_modify(|current| current.error = Some("it does not compile".into()));
    assert!(next().await.contains("it does not compile"));
}
