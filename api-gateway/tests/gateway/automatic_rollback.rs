//! A version that fails for many sessions is taken back, by several gateways once, and by no single client.

use axum::{body::Body, http::Method};
use serde_json::json;

use crate::{Answer, Site, request};

/// A browser: opens a page and keeps its cookies.
async fn visitor(site: &Site) -> String {
    let page = site.get("/", &[("accept", "text/html")]).await;
    let cookies = page.headers.get_all("set-cookie").iter();
    let pair = |value: &str| value.split(';').next().unwrap().to_owned();
    cookies.map(|value| pair(value.to_str().unwrap())).collect::<Vec<_>>().join("; ")
}

async fn report(site: &Site, cookies: &str, version: &str, kind: &str) -> Answer {
    let body = json!({ "beacons": [{ "remote": "alpha", "version": version, "kind": kind }] });
    let headers = [("content-type", "application/json"), ("cookie", cookies)];
    site.send(request(Method::POST, "/beacons", &headers, Body::from(body.to_string()))).await
}

async fn active(site: &Site) -> String {
    let manifest = site.registry().manifest().await.unwrap();
    manifest.remotes["alpha"].active.version.clone()
}

/// 0.2.0 live, 0.1.0 before it.
async fn two_versions() -> Site {
    let site = Site::released().await;
    site.publish("0.2.0").await;
    site.release("0.2.0").await;
    site.state.refresh().await;
    site
}

#[tokio::test]
async fn a_version_that_fails_for_many_is_taken_back_with_the_numbers() {
    let site = two_versions().await;
    for n in 0..20 {
        let cookies = visitor(&site).await;
        assert_eq!(active(&site).await, "0.2.0", "after {n} sessions");
        let kind = if n % 2 == 0 { "failed" } else { "mounted" };
        assert_eq!(report(&site, &cookies, "0.2.0", kind).await.status, 204);
    }
    assert_eq!(active(&site).await, "0.1.0");
    let last = site.registry().revisions(None, 1).await.unwrap().remove(0);
    assert_eq!((&*last.who, last.withdrawn.as_deref()), ("automatic rollback", Some("0.2.0")));
    assert!(last.reason.contains("failed in 10 of 20 sessions"), "{}", last.reason);
    let manifest = site.get("/manifest.json", &[]).await.json();
    assert_eq!(manifest["remotes"]["alpha"]["withdrawn"], json!(["0.2.0"]), "served at once");
}

#[tokio::test]
async fn a_single_client_takes_nothing_back() {
    let site = two_versions().await;
    let cookies = visitor(&site).await;
    let mut limited = 0;
    for _ in 0..200 {
        limited += usize::from(report(&site, &cookies, "0.2.0", "failed").await.status == 429);
        assert_eq!(report(&site, "", "0.2.0", "failed").await.problem().1, "no-session");
        let forged = "asterism_session=00000000000000000000000000000000.1.00";
        assert_eq!(report(&site, forged, "0.2.0", "failed").await.problem().1, "no-session");
    }
    assert!(limited > 100, "{limited}");
    assert_eq!(active(&site).await, "0.2.0");
    let outcomes = site.get("/registry/v1/outcomes", &[]).await.json();
    assert_eq!((&outcomes[0]["sessions"], &outcomes[0]["failed_sessions"]), (&json!(1), &json!(1)));
    let unknown = report(&site, &visitor(&site).await, "9.9.9", "failed").await;
    assert_eq!(unknown.status, 204, "ignored, since nobody gets it");
}

#[tokio::test]
async fn two_gateways_roll_back_once() {
    let site = two_versions().await;
    let other = site.sibling().await;
    for _ in 0..19 {
        for gateway in [&site, &other] {
            report(gateway, &visitor(gateway).await, "0.2.0", "failed").await;
        }
    }
    let (one, two) = (visitor(&site).await, visitor(&other).await);
    let both = [report(&site, &one, "0.2.0", "failed"), report(&other, &two, "0.2.0", "failed")];
    futures_util::future::join_all(both).await;
    let history = site.registry().revisions(None, 10).await.unwrap();
    let back: Vec<_> = history.iter().filter(|r| r.who == "automatic rollback").collect();
    assert_eq!(back.len(), 1, "{history:?}");
    assert_eq!(active(&site).await, "0.1.0");
}
