//! What pages report counts once for each session, within limits, and only for what a page may have got.

use api_gateway::Config;
use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use crate::{Answer, Site, request};

const JSON: &str = "application/json";

async fn post(site: &Site, cookies: &str, kind: &str, body: String) -> Answer {
    let headers = [("content-type", kind), ("cookie", cookies)];
    site.send(request(Method::POST, "/beacons", &headers, Body::from(body))).await
}

async fn outcomes(site: &Site) -> Value {
    site.get("/registry/v1/outcomes", &[]).await.json()
}

#[tokio::test]
async fn a_report_that_is_no_report_is_refused_and_counts_nothing() {
    let site = Site::released().await;
    let cookies = site.visitor().await;
    let beacon = json!({ "remote": "alpha", "version": "0.1.0", "kind": "failed" });
    let with = |key: &str, value: Value| {
        let mut beacon = beacon.clone();
        beacon[key] = value;
        json!({ "beacons": [beacon] }).to_string()
    };
    let many: Vec<_> = std::iter::repeat_n(&beacon, 51).collect();
    for (kind, body, status, code) in [
        (JSON, "{".to_owned(), 400, "malformed-json"),
        (JSON, "{}".to_owned(), 422, "invalid-input"),
        (JSON, json!({ "beacons": [], "more": 1 }).to_string(), 422, "invalid-input"),
        (JSON, with("more", json!(1)), 422, "invalid-input"),
        (JSON, with("kind", json!("exploded")), 422, "invalid-input"),
        (JSON, with("version", json!(1)), 422, "invalid-input"),
        (JSON, json!({ "beacons": many }).to_string(), 422, "invalid-input"),
        (JSON, with("message", json!("x".repeat(64 << 10))), 413, "body-too-large"),
        // A form of another site could send these without asking first.
        ("text/plain", with("phase", json!("load")), 415, "unsupported-media-type"),
        ("", with("phase", json!("load")), 415, "unsupported-media-type"),
    ] {
        let answer = post(&site, &cookies, kind, body).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{}", answer.text());
    }
    assert_eq!(outcomes(&site).await, json!([]));
    let answer = post(&site, "", JSON, with("phase", json!("load"))).await;
    assert_eq!(answer.problem(), (403, "no-session".to_owned()));
    assert_eq!(post(&site, &cookies, JSON, with("phase", json!("load"))).await.status, 204);
    assert_eq!(outcomes(&site).await[0]["failed_sessions"], 1);
}

#[tokio::test]
async fn a_session_that_reports_too_often_is_told_when_to_come_back() {
    let site = Site::released().await;
    let (noisy, quiet) = (site.visitor().await, site.visitor().await);
    let mut refused = None;
    for _ in 0..100 {
        let answer = site.report(&noisy, "0.1.0", "mounted").await;
        if answer.status != 204 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!(refused.problem(), (429, "too-many-beacons".to_owned()));
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(site.report(&quiet, "0.1.0", "mounted").await.status, 204, "others are heard");
}

#[tokio::test]
async fn only_versions_that_a_page_may_have_count() {
    let site = Site::released().await;
    site.publish("0.2.0").await;
    site.release("0.2.0").await;
    site.state.refresh().await;
    let cookies = site.visitor().await;
    for version in ["0.2.0", "0.1.0", "7.7.7", "", "\"}\n"] {
        assert_eq!(site.report(&cookies, version, "mounted").await.status, 204, "{version}");
    }
    let other =
        json!({ "beacons": [{ "remote": "nobody", "version": "1.0.0", "kind": "failed" }] });
    assert_eq!(post(&site, &cookies, JSON, other.to_string()).await.status, 204);
    let counted = outcomes(&site).await;
    let versions: Vec<_> = counted.as_array().unwrap().iter().map(|v| &v["version"]).collect();
    assert_eq!(versions, ["0.1.0", "0.2.0"], "the one before is what a page falls back to");
    assert_eq!(counted[0]["window_seconds"], 3600);
    let metrics = site.get("/metrics", &[]).await;
    let line = "remote_outcomes_total{remote=\"alpha\",version=\"0.2.0\",outcome=\"mounted\"}";
    assert!(metrics.text().contains(line), "{}", metrics.text());
    // Other tests count in the same process, but not these.
    assert!(!metrics.text().contains("nobody") && !metrics.text().contains("7.7.7"));
}

#[tokio::test]
async fn one_address_is_so_many_witnesses_however_many_sessions_it_makes() {
    let change = |config| Config { sessions_per_address: 5, ..config };
    let site = Site::configured("", change).await.with_a_release().await;
    site.publish("0.2.0").await;
    site.release("0.2.0").await;
    site.state.refresh().await;
    let url = site.listen().await + "/beacons";
    let client = reqwest::Client::new();
    let body = json!({ "beacons": [{ "remote": "alpha", "version": "0.2.0", "kind": "failed" }] });
    for n in 0..40 {
        let request = client.post(&url).header("cookie", site.visitor().await).json(&body);
        // Whoever could name an address of its choice would be as many witnesses as it likes.
        let request = request.header("x-forwarded-for", format!("192.0.2.{n}"));
        assert_eq!(request.send().await.unwrap().status(), 204);
    }
    assert_eq!(outcomes(&site).await[0]["sessions"], 5);
    let manifest = site.registry().manifest().await.unwrap();
    assert_eq!(manifest.remotes["alpha"].active.version, "0.2.0");
}
