//! Anybody reads the history; the key's holder changes what is live, and overwrites nobody.

use axum::{body::Body, http::Method};
use serde_json::json;

use crate::{Answer, Site, request};
use registry::Verb;

fn auth(site: &Site) -> (&str, &str) {
    ("authorization", &site.bearer)
}

const JSON: (&str, &str) = ("content-type", "application/json");

async fn post(
    site: &Site,
    path: &str,
    headers: &[(&str, &str)],
    body: &serde_json::Value,
) -> Answer {
    let headers = [&[JSON], headers].concat();
    site.send(request(Method::POST, path, &headers, Body::from(body.to_string()))).await
}

fn release(version: &str) -> serde_json::Value {
    json!({ "remote": "alpha", "version": version, "reason": "a test" })
}

#[tokio::test]
async fn a_release_is_served_when_its_answer_arrives() {
    let site = Site::released().await;
    site.publish("0.2.0").await;
    let made = post(
        &site,
        "/registry/v1/releases",
        &[auth(&site), ("if-match", "\"1\"")],
        &release("0.2.0"),
    )
    .await;
    assert_eq!((made.status.as_u16(), made.header("etag")), (201, "\"2\""), "{}", made.text());
    let revision = made.json();
    assert_eq!((&revision["from"], &revision["to"]), (&json!("0.1.0"), &json!("0.2.0")));
    let who = revision["who"].as_str().unwrap();
    assert!(who.starts_with("tester (key ") && revision["reason"] == "a test", "{revision}");
    assert_eq!(site.get("/manifest.json", &[]).await.header("etag"), "\"2\"");

    let body = json!({ "remote": "alpha", "reason": "it broke" });
    let back = post(&site, "/registry/v1/rollbacks", &[auth(&site)], &body).await;
    assert_eq!((back.status.as_u16(), back.header("etag")), (201, "\"3\""), "{}", back.text());
    assert_eq!(back.json()["withdrawn"], "0.2.0");
    let manifest = site.get("/manifest.json", &[]).await.json();
    assert_eq!(manifest["remotes"]["alpha"]["active"]["version"], "0.1.0");
}

#[tokio::test]
async fn who_was_late_is_told_the_newest_revision() {
    let site = Site::released().await;
    site.publish("0.2.0").await;
    let late = [auth(&site), ("if-match", "\"0\"")];
    let answer = post(&site, "/registry/v1/releases", &late, &release("0.2.0")).await;
    assert_eq!(answer.problem(), (412, "revision-conflict".to_owned()));
    assert_eq!(answer.header("etag"), "\"1\"");
    let bad = [auth(&site), ("if-match", "W/\"1\"")];
    let answer = post(&site, "/registry/v1/releases", &bad, &release("0.2.0")).await;
    assert_eq!(answer.problem(), (400, "bad-if-match".to_owned()));
    assert_eq!(site.registry().current_revision().await.unwrap(), 1, "nothing was released");
}

#[tokio::test]
async fn only_the_key_opens() {
    let site = Site::released().await;
    let alpha = site.issue(&["alpha"], &[Verb::Rollback]).await;
    let (basic, longer) = (site.bearer.replace("Bearer", "Basic"), site.bearer.clone() + "!");
    for path in ["/registry/v1/releases", "/registry/v1/rollbacks", "/registry/v1/gc"] {
        for wrong in ["", "Bearer", "Bearer open", &basic, &longer] {
            let answer = post(&site, path, &[("authorization", wrong)], &json!({})).await;
            assert_eq!(answer.problem(), (401, "unauthorized".to_owned()), "{wrong}");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
        let answer = post(&site, path, &[], &json!({})).await;
        assert_eq!(answer.problem().0, 401);
    }
    // A key opens what it is for.
    let alpha = [("authorization", alpha.as_str())];
    let answer = post(&site, "/registry/v1/releases", &alpha, &release("0.1.0")).await;
    assert_eq!(answer.problem(), (403, "out-of-scope".to_owned()));
    let other = json!({ "remote": "beta", "reason": "" });
    let answer = post(&site, "/registry/v1/rollbacks", &alpha, &other).await;
    assert_eq!(answer.problem(), (403, "out-of-scope".to_owned()));
    let own = json!({ "remote": "alpha", "reason": "" });
    let answer = post(&site, "/registry/v1/rollbacks", &alpha, &own).await;
    assert_eq!(answer.problem().1, "nothing-to-roll-back", "it was let in");
    let all = json!({ "keep": 1 });
    assert_eq!(post(&site, "/registry/v1/gc", &alpha, &all).await.problem().0, 403);
    assert_eq!(post(&site, "/registry/v1/gc", &[auth(&site)], &all).await.json()["kept"], 1);
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_with_the_reason() {
    let site = Site::released().await;
    let releases = "/registry/v1/releases";
    let rollbacks = "/registry/v1/rollbacks";
    for (path, body, status, code) in [
        (releases, release("0.1.0"), 409, "already-live"),
        (releases, release("9.9.9"), 404, "not-published"),
        (releases, release("latest"), 422, "invalid-input"),
        (releases, json!({ "remote": "alpha", "version": "0.1.0" }), 422, "invalid-input"),
        (
            releases,
            json!({ "remote": "alpha", "version": "0.1.0", "reason": "", "who": "me" }),
            422,
            "invalid-input",
        ),
        (
            releases,
            json!({ "remote": "alpha", "version": "0.1.0", "reason": "", "percent": 300 }),
            422,
            "invalid-input",
        ),
        (
            releases,
            json!({ "remote": "alpha", "version": "0.1.0", "reason": "", "percent": 100 }),
            422,
            "invalid-input",
        ),
        (rollbacks, json!({ "remote": "beta", "reason": "" }), 409, "not-released"),
        (rollbacks, json!({ "remote": "alpha", "reason": "" }), 409, "nothing-to-roll-back"),
        (
            rollbacks,
            json!({ "remote": "alpha", "to": "9.9.9", "reason": "" }),
            404,
            "not-published",
        ),
    ] {
        let answer = post(&site, path, &[auth(&site)], &body).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{body}");
    }
    let garbage = request(Method::POST, releases, &[auth(&site), JSON], Body::from("{"));
    assert_eq!(site.send(garbage).await.problem(), (400, "malformed-json".to_owned()));
    let large =
        request(Method::POST, releases, &[auth(&site), JSON], Body::from(vec![b' '; 5_000_000]));
    assert_eq!(site.send(large).await.problem(), (413, "body-too-large".to_owned()));
}

#[tokio::test]
async fn anybody_reads_remotes_versions_and_history() {
    let site = Site::released().await;
    site.publish("0.2.0").await;
    site.release("0.2.0").await;
    let remotes = site.get("/registry/v1/remotes", &[]).await.json();
    assert_eq!(remotes, json!([{ "name": "alpha", "versions": 2, "live": "0.2.0" }]));
    let versions = site.get("/registry/v1/remotes/alpha/versions", &[]).await.json();
    let listed: Vec<_> =
        versions.as_array().unwrap().iter().map(|v| (&v["version"], &v["live"])).collect();
    assert_eq!(listed, [(&json!("0.2.0"), &json!(true)), (&json!("0.1.0"), &json!(false))]);

    let numbers = async |query: &str| {
        let answer = site.get(&["/registry/v1/revisions", query].concat(), &[]).await.json();
        answer
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["revision"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers("").await, [2, 1]);
    assert_eq!(numbers("?limit=1").await, [2]);
    assert_eq!(numbers("?before=2&limit=5").await, [1]);
    assert!(numbers("?before=0").await.is_empty());
    assert_eq!(site.get("/registry/v1/revisions/1", &[]).await.json()["to"], "0.1.0");
    for (path, status) in [
        ("/registry/v1/revisions/3", 404),
        ("/registry/v1/revisions/x", 400),
        ("/registry/v1/revisions?limit=0", 422),
        ("/registry/v1/revisions?limit=101", 422),
        ("/registry/v1/revisions?limit=x", 400),
        ("/registry/v1/revisions?offset=1", 400),
        ("/registry/v1/remotes/beta/versions", 404),
        ("/registry/v1/remotes/..%2f..%2f/versions", 404),
    ] {
        assert_eq!(site.get(path, &[]).await.problem().0, status, "{path}");
    }
}

#[tokio::test]
async fn the_api_describes_itself() {
    let site = Site::new("").await;
    let api = site.get("/openapi.json", &[]).await.json();
    for path in ["/manifest.json", "/registry/v1/releases", "/registry/v1/remotes/{name}/versions"]
    {
        assert!(api["paths"][path].is_object(), "{path}");
    }
    assert_eq!(api["info"]["title"], "Asterism gateway");
}
