//! A proxied request arrives as it was sent, but for what belongs to the connection.

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
    routing::any,
};
use http_body_util::BodyExt;

use crate::{Site, request, serve};

/// Answers with what it got.
async fn echo(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let headers: Vec<_> = parts
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    let body = body.collect().await.unwrap().to_bytes();
    let answer = serde_json::json!({
        "line": format!("{} {}", parts.method, parts.uri),
        "headers": headers,
        "body": String::from_utf8_lossy(&body),
    });
    let headers = [("x-answer", "kept"), ("x-hop", "dropped"), ("connection", "x-hop")];
    (StatusCode::IM_A_TEAPOT, headers, axum::Json(answer)).into_response()
}

async fn site() -> (Site, String) {
    let upstream = serve(Router::new().fallback(any(echo))).await;
    (Site::new(&format!("alpha={upstream}")).await, upstream)
}

#[tokio::test]
async fn method_path_query_status_and_body_are_kept() {
    let (site, _) = site().await;
    for (method, path) in [
        (Method::GET, "/api/alpha"),
        (Method::POST, "/api/alpha/a%20b/%C3%A9?q=%2F&x=1&x=2&empty="),
        (Method::DELETE, "/api/alpha/x..y/?"),
        (Method::from_bytes(b"PURGE").unwrap(), "/api/alpha/x"),
    ] {
        let line = format!("{method} {path}");
        let sent = if method == Method::GET { "" } else { "hello" };
        let answer = site.send(request(method, path, &[], Body::from(sent))).await;
        assert_eq!(answer.status, StatusCode::IM_A_TEAPOT);
        let got = answer.json();
        assert_eq!((got["line"].as_str(), got["body"].as_str()), (Some(&*line), Some(sent)));
    }
}

#[tokio::test]
async fn headers_are_kept_but_for_those_of_the_connection() {
    let (site, upstream) = site().await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let answer = site
        .get(
            "/api/alpha/x",
            &[
                ("host", "site.example"),
                ("cookie", "session=1"),
                ("authorization", "Bearer x"),
                ("accept-encoding", "br"),
                ("connection", "keep-alive, x-mine, traceparent"),
                ("x-mine", "1"),
                ("te", "trailers"),
                ("x-forwarded-for", "6.6.6.6"),
                ("x-request-id", "my-id"),
                ("traceparent", trace),
                ("tracestate", "vendor=1"),
            ],
        )
        .await;
    let got = answer.json();
    let mut headers: Vec<_> =
        got["headers"].as_array().unwrap().iter().map(|h| h.as_str().unwrap()).collect();
    headers.sort_unstable();
    let continued =
        headers.iter().position(|h| h.starts_with("traceparent: ")).map(|at| headers.remove(at));
    let continued = continued.unwrap();
    let session = headers.iter().position(|h| h.starts_with("x-asterism-session: "));
    headers.remove(session.unwrap());
    assert!(continued.starts_with("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-"));
    assert!(!continued.contains("00f067aa0ba902b7") && continued.ends_with("-01"), "{continued}");
    let host = upstream.replace("http://", "host: ");
    assert_eq!(
        headers,
        [
            "accept-encoding: br",
            "authorization: Bearer x",
            "cookie: session=1",
            &host,
            "tracestate: vendor=1",
            "x-forwarded-host: site.example",
            "x-forwarded-proto: http",
            "x-request-id: my-id",
        ]
    );
    assert_eq!(answer.header("x-request-id"), "my-id");
    assert_eq!((answer.header("x-answer"), answer.header("x-hop")), ("kept", ""));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn bad_ids_and_traces_are_replaced() {
    let (site, _) = site().await;
    let long = "x".repeat(101);
    for id in ["", "two words", long.as_str()] {
        let answer =
            site.get("/api/alpha", &[("x-request-id", id), ("traceparent", "00-bad")]).await;
        let given = answer.header("x-request-id");
        assert_eq!(given.len(), 36, "a new id in place of `{id}`: {given}");
        let sent = answer.json()["headers"].to_string();
        assert!(sent.contains(&format!("x-request-id: {given}")), "{sent}");
        assert!(sent.contains("traceparent: 00-") && !sent.contains("00-bad"), "{sent}");
    }
}

#[tokio::test]
async fn the_upstream_learns_who_asks() {
    let (site, _) = site().await;
    let gateway = site.listen().await;
    let answer = reqwest::get(format!("{gateway}/api/alpha/who")).await.unwrap();
    let text = answer.text().await.unwrap();
    assert!(text.contains("x-forwarded-for: 127.0.0.1"), "{text}");
}

#[tokio::test]
async fn redirects_are_the_callers() {
    let elsewhere = || async { (StatusCode::FOUND, [("location", "/elsewhere")]) };
    let upstream = serve(Router::new().fallback(any(elsewhere))).await;
    let site = Site::new(&format!("alpha={upstream}")).await;
    let answer = site.get("/api/alpha", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::FOUND, "/elsewhere"));
}

#[tokio::test]
async fn head_is_forwarded_as_head() {
    let (site, _) = site().await;
    let gateway = site.listen().await;
    let answer = reqwest::Client::new().head(format!("{gateway}/api/alpha")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::IM_A_TEAPOT);
    assert_eq!(answer.headers()["x-answer"], "kept");
    assert_eq!(answer.bytes().await.unwrap().len(), 0);
}
