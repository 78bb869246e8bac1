//! What other sites may make a browser do here, and what their pages may see.

use api_gateway::{BodyLimits, Budget, Config, Limits};
use axum::{Router, body::Body, http::Method, routing::any};

use crate::{Answer, Site, rate_limits, request, serve};

const FRIEND: &str = "https://friend.example";

async fn site() -> Site {
    let upstream = serve(Router::new().fallback(any(async || "answer"))).await;
    let cors_origins = vec![FRIEND.to_owned()];
    let change = |config| Config { cors_origins, ..config };
    Site::configured(&format!("alpha={upstream}"), change).await.with_a_release().await
}

async fn send(site: &Site, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let headers: Vec<_> = headers.iter().copied().chain([("host", "site.example")]).collect();
    site.send(request(method, path, &headers, Body::empty())).await
}

#[tokio::test]
async fn another_site_cannot_make_a_browser_write() {
    let site = site().await;
    for (headers, refused) in [
        // As browsers send it from a form or a script of another site.
        (&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")][..], true),
        (&[("sec-fetch-site", "same-site"), ("origin", "https://other.site.example")], true),
        (&[("sec-fetch-site", "cross-site"), ("origin", "null")], true),
        // As old ones do.
        (&[("origin", "https://evil.example")], true),
        (&[("origin", "https://site.example.evil.example")], true),
        (&[("origin", "null")], true),
        // From our own pages.
        (&[("sec-fetch-site", "same-origin"), ("origin", "https://site.example")], false),
        (&[("origin", "https://site.example")], false),
        // From no browser, or typed by a person.
        (&[], false),
        (&[("sec-fetch-site", "none")], false),
        // On the list.
        (&[("sec-fetch-site", "cross-site"), ("origin", FRIEND)], false),
    ] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let answer = send(&site, method, "/api/alpha/x", headers).await;
            if refused {
                assert_eq!(answer.problem(), (403, "cross-site".to_owned()), "{headers:?}");
            } else {
                assert_eq!(answer.status, 200, "{headers:?}");
            }
        }
        let read = send(&site, Method::GET, "/api/alpha/x", headers).await;
        assert_eq!(read.status, 200, "reading changes nothing: {headers:?}");
        for path in ["/beacons", "/registry/v1/releases", "/registry/v1/rollbacks"] {
            let answer = send(&site, Method::POST, path, headers).await;
            assert_eq!(
                answer.status == 403 && answer.problem().1 == "cross-site",
                refused,
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn only_listed_origins_see_answers() {
    let site = site().await;
    let seen = send(&site, Method::GET, "/api/alpha/x", &[("origin", FRIEND)]).await;
    assert_eq!(seen.header("access-control-allow-origin"), FRIEND);
    assert_eq!(seen.header("access-control-allow-credentials"), "true");
    assert!(seen.header("access-control-expose-headers").contains("x-request-id"));
    for origin in ["https://evil.example", "https://friend.example:444", "http://friend.example"] {
        let other = send(&site, Method::GET, "/api/alpha/x", &[("origin", origin)]).await;
        assert_eq!(other.header("access-control-allow-origin"), "", "{origin}");
        assert_eq!(other.header("vary"), "origin", "a cache may not mix them up");
    }
    // What went wrong they may read too.
    let problem = send(&site, Method::GET, "/api/missing/x", &[("origin", FRIEND)]).await;
    assert_eq!(problem.problem(), (404, "unknown-domain".to_owned()));
    assert_eq!(problem.header("access-control-allow-origin"), FRIEND);
    assert_eq!(problem.header("vary"), "origin");
    let asks = [("origin", FRIEND), ("access-control-request-method", "PUT")];
    let allowed = send(&site, Method::OPTIONS, "/api/alpha/x", &asks).await;
    assert_eq!((allowed.status.as_u16(), allowed.text()), (200, ""));
    assert!(allowed.header("access-control-allow-methods").contains("PUT"));
    assert!(allowed.header("access-control-allow-headers").contains("x-asterism-remote"));
    // Nothing but the domains: releases are not made from other sites' pages.
    let registry = send(&site, Method::GET, "/registry/v1/remotes", &[("origin", FRIEND)]).await;
    assert_eq!(registry.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_listed_origin_reads_why_it_was_refused() {
    let upstream = serve(Router::new().fallback(any(async || "answer"))).await;
    let address = Some("60/h burst 1".parse().unwrap());
    let change = |config| Config {
        cors_origins: vec![FRIEND.to_owned()],
        limits: Limits { site: Budget { address, ..Budget::default() }, ..Limits::default() },
        body: BodyLimits { bytes: 10, ..BodyLimits::default() },
        ..config
    };
    let site = Site::configured(&format!("alpha={upstream}"), change).await;
    let headers = [("origin", FRIEND), ("host", "site.example")];
    let large = request(Method::POST, "/api/alpha/x", &headers, Body::from("more than ten bytes"));
    let large = site.send(large).await;
    assert_eq!(large.problem(), (413, "body-too-large".to_owned()));
    rate_limits::ask(&site, "192.0.2.1", "/api/alpha/x", &headers[..1]).await;
    let limited = rate_limits::ask(&site, "192.0.2.1", "/api/alpha/x", &headers[..1]).await;
    assert_eq!(limited.problem(), (429, "too-many-requests".to_owned()));
    for refused in [&large, &limited] {
        assert_eq!(refused.header("access-control-allow-origin"), FRIEND);
        assert_eq!(refused.header("vary"), "origin");
    }
    assert!(limited.header("access-control-expose-headers").contains("retry-after"));
    // Elsewhere nothing is shared, whatever is refused.
    let page = rate_limits::ask(&site, "192.0.2.1", "/", &headers[..1]).await;
    assert_eq!((page.status.as_u16(), page.header("access-control-allow-origin")), (429, ""));
}

#[tokio::test]
async fn only_what_is_for_everybody_may_be_embedded() {
    let site = site().await;
    let file = "/remotes/alpha/0.1.0/entry.js";
    for (path, expected) in [
        (file, "cross-origin"),
        ("/remotes/alpha/0.1.0/missing.js", "cross-origin"),
        ("/manifest.json", "cross-origin"),
        ("/importmap.json", "cross-origin"),
        ("/api/alpha/x", "same-origin"),
        ("/registry/v1/remotes", "same-origin"),
        ("/healthz", "same-origin"),
        ("/", "same-origin"),
        ("/shell/shell-v1.js", "same-origin"),
        ("/favicon.svg", "same-origin"),
    ] {
        let answer = site.get(path, &[]).await;
        assert_eq!(answer.header("cross-origin-resource-policy"), expected, "{path}");
    }
}
