//! Whatever is wrong behind the gateway, the caller gets a problem that says so.

use std::{convert::Infallible, time::Duration};

use api_gateway::Timeouts;
use axum::{
    Router,
    body::{Body, Bytes},
    http::Method,
    routing::{any, get, post},
};
use futures_util::{StreamExt, stream};
use service_kit::{Json, Readiness};

use crate::{Site, request, serve, soon};

/// Requests for event streams have connections of their own.
const ACCEPTED: [&str; 2] = ["*/*", "text/event-stream"];

#[tokio::test]
async fn a_domain_that_is_down_is_502_and_named() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let site = Site::new(&format!("alpha=http://{address}")).await;
    for accept in ACCEPTED {
        let answer = site.get("/api/alpha/x", &[("accept", accept)]).await;
        assert_eq!(answer.problem(), (502, "upstream-down".to_owned()));
        let detail = answer.json()["detail"].to_string();
        assert!(detail.contains("/api/alpha") && !detail.contains("127.0.0.1"), "{detail}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_answer_is_502() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let site = Site::new(&format!("alpha=http://{address}")).await;
    for accept in ACCEPTED {
        let answer = soon(site.get("/api/alpha/x", &[("accept", accept)])).await;
        assert_eq!(answer.problem(), (502, "upstream-reset".to_owned()));
    }
}

#[tokio::test]
async fn a_domain_that_does_not_answer_is_504() {
    let upstream = serve(Router::new().fallback(any(std::future::pending::<()>))).await;
    let timeouts = Timeouts { head: Duration::from_millis(50), ..Timeouts::default() };
    let site = Site::with(&format!("alpha={upstream}"), timeouts).await;
    for accept in ACCEPTED {
        let answer = soon(site.get("/api/alpha/x", &[("accept", accept)])).await;
        assert_eq!(answer.problem(), (504, "upstream-timeout".to_owned()));
    }
}

#[tokio::test]
async fn an_answer_that_stops_half_way_is_no_whole_answer() {
    let stalls = async || {
        let piece = Ok::<_, Infallible>(Bytes::from_static(b"half"));
        Body::from_stream(stream::iter([piece]).chain(stream::pending()))
    };
    let upstream = serve(Router::new().route("/api/alpha/x", get(stalls))).await;
    let timeouts = Timeouts { idle: Duration::from_millis(50), ..Timeouts::default() };
    let site = Site::with(&format!("alpha={upstream}"), timeouts).await;
    let url = site.listen().await + "/api/alpha/x";
    for accept in ACCEPTED {
        let asked = reqwest::Client::new().get(&url).header("accept", accept).send();
        let answer = soon(asked).await.unwrap();
        soon(answer.bytes()).await.unwrap_err();
    }
}

#[tokio::test]
async fn an_unknown_domain_is_404() {
    let site = Site::new("alpha=http://127.0.0.1:1").await;
    for path in ["/api/beta", "/api/beta/x", "/api/%61lpha"] {
        let answer = site.get(path, &[]).await;
        assert_eq!(answer.problem(), (404, "unknown-domain".to_owned()), "{path}");
    }
    for path in ["/api", "/api/"] {
        let answer = site.get(path, &[("accept", "text/html")]).await;
        assert_eq!(answer.problem(), (404, "no-such-path".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_path_with_tricks_is_400() {
    let site = Site::new("alpha=http://127.0.0.1:1").await;
    for path in [
        "/api/alpha/../beta",
        "/api/alpha/%2e%2E/beta",
        "/api/alpha//x",
        "/api/alpha/a%2Fb",
        "/api/alpha/a\\b",
        "/api//alpha",
    ] {
        let answer = site.get(path, &[]).await;
        assert_eq!(answer.problem(), (400, "bad-path".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_service_that_refuses_a_large_body_is_heard() {
    let takes = post(async |Json(_): Json<serde_json::Value>| "taken");
    let routes = Router::new().route("/api/alpha/json", takes);
    let api = utoipa::openapi::OpenApi::default();
    let upstream = serve(service_kit::app(routes, Readiness::ready(), api)).await;
    let site = Site::new(&format!("alpha={upstream}")).await;
    let url = site.listen().await + "/api/alpha/json";
    let client = reqwest::Client::new();
    for _ in 0..20 {
        let body = vec![b' '; 5_000_000];
        let sent = client.post(&url).header("content-type", "application/json").body(body).send();
        assert_eq!(soon(sent).await.unwrap().status(), 413);
    }
}

#[tokio::test]
async fn a_method_that_the_gateway_does_not_take_is_405() {
    let site = Site::new("").await;
    for path in ["/manifest.json", "/registry/v1/remotes", "/some/page"] {
        let answer = site.send(request(Method::POST, path, &[], Body::empty())).await;
        assert_eq!(answer.problem(), (405, "method-not-allowed".to_owned()), "{path}");
        assert_eq!(answer.header("referrer-policy"), "strict-origin-when-cross-origin");
    }
}
