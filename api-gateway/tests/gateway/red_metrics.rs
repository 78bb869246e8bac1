//! Requests are counted by route, by upstream and by the bundle that asks, in labels that nobody can multiply.

use axum::{Router, http::StatusCode, routing::any};

use crate::{Site, serve};

/// The samples of a metric whose labels include these.
fn samples<'a>(metrics: &'a str, name: &str, labels: &[&str]) -> Vec<&'a str> {
    let of = |line: &&str| {
        let labelled = line.strip_prefix(name).is_some_and(|rest| rest.starts_with('{'));
        labelled && labels.iter().all(|label| line.contains(label))
    };
    metrics.lines().filter(of).collect()
}

async fn site(domain: &str) -> Site {
    let upstream = Router::new()
        .route(
            &format!("/api/{domain}/broken"),
            any(|| async { StatusCode::INTERNAL_SERVER_ERROR }),
        )
        .fallback(any(|| async { "ok" }));
    Site::new(&format!("{domain}={}", serve(upstream).await)).await.with_a_release().await
}

#[tokio::test]
async fn who_asks_is_a_bundle_of_the_manifest_or_other() {
    let site = site("redwho").await;
    for bundle in ["alpha@0.1.0", "alpha@0.1.0", "alpha@9.9.9", "beta@0.1.0", "alpha", "x\"y@1"] {
        site.get("/api/redwho/fine", &[("x-asterism-remote", bundle)]).await;
    }
    site.get("/api/redwho/broken", &[("x-asterism-remote", "alpha@0.1.0")]).await;
    site.get("/api/redwho/fine", &[]).await;
    let metrics = site.get("/metrics", &[]).await;
    let domain = "domain=\"redwho\"";
    let mut counted = samples(metrics.text(), "remote_requests_total", &[domain]);
    counted.sort_unstable();
    assert_eq!(
        counted,
        [
            r#"remote_requests_total{remote="alpha@0.1.0",domain="redwho",status="200"} 2"#,
            r#"remote_requests_total{remote="alpha@0.1.0",domain="redwho",status="500"} 1"#,
            r#"remote_requests_total{remote="none",domain="redwho",status="200"} 1"#,
            r#"remote_requests_total{remote="other",domain="redwho",status="200"} 4"#,
        ]
    );
    let labels = [domain, r#"remote="alpha@0.1.0""#, r#"le="+Inf""#];
    let buckets = samples(metrics.text(), "remote_request_duration_seconds_bucket", &labels);
    assert!(buckets.len() == 1 && buckets[0].ends_with(" 3"), "{buckets:?}");
}

#[tokio::test]
async fn an_upstream_is_counted_by_pool_with_its_errors_and_durations() {
    let site = site("redup").await;
    for path in ["fine", "fine", "broken"] {
        site.get(&format!("/api/redup/{path}"), &[]).await;
    }
    let metrics = site.get("/metrics", &[]).await;
    let of = |name: &str, labels: &[&str]| -> Vec<f64> {
        let labels = [&["domain=\"redup\"", "pool=\"main\""], labels].concat();
        let values = samples(metrics.text(), name, &labels);
        values.iter().map(|line| line.rsplit(' ').next().unwrap().parse().unwrap()).collect()
    };
    assert_eq!(of("upstream_requests_total", &[]), [3.0]);
    assert_eq!(of("upstream_failures_total", &["reason=\"status\""]), [1.0]);
    assert_eq!(of("upstream_head_duration_seconds_bucket", &["le=\"+Inf\""]), [3.0]);
}

#[tokio::test]
async fn a_route_is_its_template_whatever_is_asked() {
    let site = site("redroute").await;
    for n in 0..20 {
        site.get(&format!("/api/redroute/{n}?secret={n}"), &[]).await;
        site.get(&format!("/api/invented-{n}/x"), &[("x-asterism-remote", "a@1")]).await;
        site.get(&format!("/nothing-{n}"), &[]).await;
        site.send(crate::request(
            axum::http::Method::from_bytes(format!("X{n}").as_bytes()).unwrap(),
            "/api/redroute/x",
            &[],
            axum::body::Body::empty(),
        ))
        .await;
    }
    let metrics = site.get("/metrics", &[]).await;
    for invented in ["nothing-", "secret", "invented-", "redroute/", "method=\"X"] {
        let found: Vec<_> = metrics.text().lines().filter(|line| line.contains(invented)).collect();
        assert!(found.is_empty(), "{found:?}");
    }
    let routes = samples(metrics.text(), "http_requests_total", &[r#"route="/api/{*path}""#]);
    assert!(!routes.is_empty());
    // Who waits for news does not make the others look slow.
    site.get("/api/redroute/feed", &[]).await;
    let metrics = site.get("/metrics", &[]).await;
    let feeds = samples(metrics.text(), "http_requests_total", &[r#"route="/api/{*path}/feed""#]);
    assert!(!feeds.is_empty());
    // Other tests of this process count too, but none sends such bundles to such domains.
    let labels = ["remote=\"other\"", "domain=\"other\"", "status=\"404\""];
    let other = samples(metrics.text(), "remote_requests_total", &labels);
    assert_eq!(other.len(), 1, "{other:?}");
}
