//! `/status` tells people how the site is, and strangers nothing that is none of their business.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use serde_json::Value;

use crate::{
    Site,
    identity::{add, cookies},
    instances::{Fake, dead},
    request, soon,
};

const HTML: [(&str, &str); 1] = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];

async fn told(site: &Site) -> Value {
    let answer = site.get("/status.json", &[]).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    answer.json()
}

#[tokio::test]
async fn every_remote_and_pool_is_there_with_what_was_done_last() {
    let (blue, green) = (Fake::answering(200), Fake::answering(200));
    let upstreams =
        format!("alpha.blue={},alpha.green={}", blue.serve().await, green.serve().await);
    let site = Site::new(&upstreams).await.with_a_release().await;
    site.publish("0.2.0").await;
    let trial = registry::ReleaseRequest {
        remote: "alpha".to_owned(),
        version: "0.2.0".to_owned(),
        percent: Some(10),
        reason: "is <b>it</b> better?".to_owned(),
        who: "anna".to_owned(),
    };
    site.registry().release(&trial, None).await.unwrap();
    site.state.refresh().await;
    for _ in 0..30 {
        site.get("/api/alpha/x", &[("x-asterism-remote", "alpha@0.1.0")]).await;
    }
    site.get("/api/alpha/x", &[("x-asterism-remote", "alpha@0.2.0")]).await;
    let report = told(&site).await;
    assert_eq!(report["overall"], "well", "{report}");
    assert_eq!(report["revision"], 2);
    let remote = &report["remotes"][0];
    assert_eq!((&remote["name"], &remote["active"]["version"]), (&"alpha".into(), &"0.1.0".into()));
    assert_eq!(remote["active"]["requests"]["last_5_minutes"]["requests"], 30);
    assert!(remote["active"]["requests"]["last_60_minutes"]["p95_ms"].is_u64(), "{remote}");
    let trial = &remote["trial"];
    assert_eq!((&trial["version"], &trial["percent"]), (&"0.2.0".into(), &10.into()));
    assert_eq!(trial["requests"]["last_60_minutes"]["requests"], 1);
    let last = &remote["last_change"];
    assert_eq!((&last["who"], &last["version"]), (&"anna".into(), &"0.2.0".into()), "{last}");
    let pools = report["domains"][0]["pools"].as_array().unwrap();
    let told: Vec<_> = pools.iter().map(|pool| (&pool["name"], &pool["share"])).collect();
    assert_eq!(told, [(&"blue".into(), &100.into()), (&"green".into(), &0.into())]);
    assert_eq!((&pools[0]["ready"], &pools[0]["breaker"]), (&1.into(), &"closed".into()));
    assert_eq!(pools[0]["requests"]["last_5_minutes"]["requests"], 31);

    let page = site.get("/status", &HTML).await;
    assert_eq!(page.status, StatusCode::OK);
    for text in
        ["Everything works", "0.2.0", "trial, 10 % of sessions", "anna", "green", "1 of 1 ready"]
    {
        assert!(page.text().contains(text), "{text}\n{}", page.text());
    }
    assert!(page.text().contains("is &lt;b&gt;it&lt;/b&gt; better?"), "{}", page.text());
    // Like the page for signing in; it comes again by itself, without script, until somebody stops it.
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'nonce-"), "{policy}");
    assert_eq!((page.header("refresh"), page.header("cache-control")), ("30", "no-store"));
    assert_eq!(site.get("/status?refresh=off", &HTML).await.header("refresh"), "");
    let json = site.get("/status", &[("accept", "application/json")]).await;
    assert_eq!(json.json()["remotes"], report["remotes"]);
}

#[tokio::test]
async fn what_fails_is_said_and_why() {
    let ill = Fake::answering(500).serve().await;
    let site = Site::new(&format!("gone={},ill={ill}", dead().await)).await;
    for _ in 0..20 {
        site.get("/api/ill/x", &[]).await;
    }
    for _ in 0..10 {
        site.send(request(Method::POST, "/api/gone/x", &[], Body::empty())).await;
    }
    let report = told(&site).await;
    assert_eq!(report["overall"], "broken", "{report}");
    let why: Vec<&str> =
        report["why"].as_array().unwrap().iter().map(|why| why.as_str().unwrap()).collect();
    assert!(why[0].starts_with("gone does not answer"), "the worst first: {why:?}");
    assert!(why.iter().any(|why| why.contains("ill") && why.contains("100.0 % failed")), "{why:?}");
    let page = site.get("/status", &HTML).await;
    for text in ["Something does not work", "gone does not answer", "No remote is live", "100.0 %"]
    {
        assert!(page.text().contains(text), "{text}\n{}", page.text());
    }
}

#[tokio::test]
async fn a_registry_that_cannot_be_read_is_said_and_the_page_is_there() {
    let site = Site::new("").await;
    let folder = site.dir.path().join("registry/manifest");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("1.json"), "{ half").unwrap();
    let site = site.restarted().await;
    let page = site.get("/status", &HTML).await;
    assert_eq!(page.status, StatusCode::OK);
    for text in ["The registry cannot be read", "No domain is configured", "no manifest"] {
        assert!(page.text().contains(text), "{text}\n{}", page.text());
    }
}

#[tokio::test]
async fn addresses_are_for_those_who_run_the_site() {
    let site = crate::identity::site().await;
    add(&site, "editor", &["editor"]);
    add(&site, "analyst", &["analyst"]);
    let operators = site.bearer.clone();
    let team = site.issue(&["alpha"], &registry::Verb::ALL).await;
    let (editor, analyst) = (cookies(&site, "editor").await, cookies(&site, "analyst").await);
    // A gateway reads its keys again once a second.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    for (header, expected) in [
        (None, false),
        (Some(("cookie", editor.as_str())), false),
        (Some(("cookie", analyst.as_str())), true),
        (Some(("authorization", operators.as_str())), true),
        (Some(("authorization", team.as_str())), false),
        (Some(("authorization", "Bearer wrong")), false),
    ] {
        for (path, accept) in [("/status.json", "*/*"), ("/status", "text/html")] {
            let headers: Vec<_> = header.into_iter().chain([("accept", accept)]).collect();
            let answer = site.get(path, &headers).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert_eq!(answer.text().contains("127.0.0.1"), expected, "{header:?} {path}");
        }
    }
}

#[tokio::test]
async fn an_instance_that_is_down_is_counted() {
    let alive = Fake::answering(200).serve().await;
    let domain = crate::instances::alpha(&[&alive, &dead().await]);
    let site = crate::instances::site(domain).await;
    let followed = tokio::spawn(api_gateway::follow(site.state.clone()));
    let seen = async {
        loop {
            let report = told(&site).await;
            let pool = &report["domains"][0]["pools"][0];
            if pool["ready"] == 1 {
                assert_eq!(
                    (&pool["instances"], &report["overall"]),
                    (&2.into(), &"degraded".into())
                );
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    soon(seen).await;
    followed.abort();
}
