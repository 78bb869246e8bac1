//! Who changed what is recorded, also past the gateway, and nothing is changed that cannot be recorded.

use std::{fs, path::PathBuf, time::Duration};

use api_gateway::{AppState, Config};
use audit::{Entry, FILE, Head, verify};
use axum::{body::Body, http::Method};
use registry::{ReleaseRequest, Verb};
use serde_json::{Value, json};

use crate::{Answer, Site, config, refresh, request, soon};

/// A gateway that keeps a log, with `alpha` 0.1.0 published.
async fn site() -> Site {
    let site = Site::configured("alpha=http://127.0.0.1:1", with_data).await;
    site.publish("0.1.0").await;
    site
}

/// The data folder beside the registry.
fn with_data(config: Config) -> Config {
    let data = PathBuf::from(&config.registry).with_file_name("data");
    Config { data_dir: Some(data), ..config }
}

fn file(site: &Site) -> PathBuf {
    site.dir.path().join("data").join(FILE)
}

/// Another gateway on the same folders, such as the next process of this one.
async fn next(site: &Site) -> AppState {
    let next = AppState::new(with_data(config(site.dir.path(), ""))).unwrap();
    refresh(&next).await;
    next
}

fn log(site: &Site) -> Vec<Entry> {
    verify(&fs::read(file(site)).unwrap(), &[]).unwrap()
}

/// `who what target outcome` of the entries after the keys that were there from the start.
fn told(site: &Site) -> Vec<String> {
    let entries = log(site).into_iter();
    let line = |entry: Entry| {
        let who = entry.who.split(" (key").next().unwrap().to_owned();
        format!("{who} {} {} {}", entry.what, entry.target, entry.outcome)
    };
    entries.filter(|entry| !matches!(&*entry.what, "begin" | "key-added")).map(line).collect()
}

async fn post(site: &Site, path: &str, bearer: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("authorization", bearer)];
    site.send(request(Method::POST, path, &headers, Body::from(body.to_string()))).await
}

async fn release(site: &Site, version: &str, bearer: &str) -> Answer {
    let body = json!({ "remote": "alpha", "version": version, "reason": "a test" });
    post(site, "/registry/v1/releases", bearer, &body).await
}

#[tokio::test]
async fn every_change_through_the_gateway_is_one_entry_also_when_it_is_refused() {
    let site = site().await;
    let only_beta = site.issue(&["beta"], &Verb::ALL).await;
    let archive = site.bundle("0.2.0").to_archive().unwrap();
    let headers = [("authorization", &*site.bearer)];
    let path = "/registry/v1/remotes/alpha/versions/0.2.0";
    let answer = site.send(request(Method::PUT, path, &headers, Body::from(archive))).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(release(&site, "0.1.0", &site.bearer).await.status, 201);
    assert_eq!(release(&site, "0.2.0", &site.bearer).await.status, 201);
    assert_eq!(release(&site, "9.9.9", &site.bearer).await.status, 404);
    assert_eq!(release(&site, "0.1.0", &only_beta).await.status, 403);
    assert_eq!(release(&site, "0.1.0", "Bearer stranger").await.status, 401);
    let back = json!({ "remote": "alpha", "reason": "it broke" });
    assert_eq!(post(&site, "/registry/v1/rollbacks", &site.bearer, &back).await.status, 201);
    let gc = json!({ "keep": 50, "dry_run": false });
    assert_eq!(post(&site, "/registry/v1/gc", &site.bearer, &gc).await.status, 200);
    let switch = json!({ "domain": "alpha", "pool": "main", "weight": 100, "reason": "" });
    assert_eq!(post(&site, "/registry/v1/pools", &site.bearer, &switch).await.status, 201);
    assert_eq!(post(&site, "/registry/v1/pools", &only_beta, &switch).await.status, 403);
    refresh(&site.state).await;
    assert_eq!(
        told(&site),
        [
            "tester publish alpha@0.2.0 stored",
            "tester release alpha@0.1.0 revision 1",
            "tester release alpha@0.2.0 revision 2",
            "tester release alpha@9.9.9 refused: not-published",
            "tester release alpha@0.1.0 refused: out-of-scope",
            "tester rollback alpha@0.1.0 revision 3",
            "tester gc keep 50 removed nothing",
            "tester switch alpha.main 100 % pools revision 1",
            "tester switch alpha.main 100 % refused: out-of-scope",
        ]
    );
}

#[tokio::test]
async fn what_was_done_on_the_storage_itself_is_seen_once_by_whoever_looks() {
    let site = site().await;
    site.release("0.1.0").await;
    site.publish("0.2.0").await;
    // Made here before the other one was seen.
    assert_eq!(release(&site, "0.2.0", &site.bearer).await.status, 201);
    refresh(&site.state).await;
    refresh(&site.state).await;
    let (remote, version) = ("alpha".to_owned(), "0.1.0".to_owned());
    let direct = ReleaseRequest { remote, version, who: "Anna".to_owned(), ..Default::default() };
    site.registry().release(&direct, None).await.unwrap();
    site.registry().remove_api_key(&id(&site.bearer)).await.unwrap();
    next(&site).await;
    refresh(&site.state).await;
    assert_eq!(
        told(&site),
        [
            "tester release alpha@0.2.0 revision 2".to_owned(),
            " release alpha@0.1.0 revision 1, seen in the registry".to_owned(),
            "Anna release alpha@0.1.0 revision 3, seen in the registry".to_owned(),
            format!("unknown key-removed api/{} seen in the registry", id(&site.bearer)),
        ]
    );
}

fn id(bearer: &str) -> String {
    bearer.split('_').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn the_registry_keeps_the_head_of_the_log() {
    let site = site().await;
    assert_eq!(release(&site, "0.1.0", &site.bearer).await.status, 201);
    refresh(&site.state).await;
    let entries = log(&site);
    let name = &entries[0].target;
    let head = site.registry().audit_head(name).await.unwrap().unwrap();
    assert_eq!(head.sequence, entries.len() as u64);
    let head = Head { sequence: head.sequence, hash: head.hash };
    let bytes = fs::read(file(&site)).unwrap();
    let whole = std::slice::from_ref(&head);
    assert_eq!(verify(&bytes, whole).unwrap().len(), entries.len());
    let last = entries.last().map(|entry| serde_json::to_vec(entry).unwrap().len() + 1).unwrap();
    let fault = verify(&bytes[..bytes.len() - last], whole).unwrap_err();
    assert_eq!(fault.entry, head.sequence);
}

#[tokio::test]
async fn nothing_is_changed_while_the_log_is_damaged_and_visitors_notice_nothing() {
    let mut site = site().await;
    site.release("0.1.0").await;
    refresh(&site.state).await;
    let good = fs::read(file(&site)).unwrap();
    fs::write(file(&site), &good[1..]).unwrap();
    site.state = next(&site).await;
    site.publish("0.2.0").await;
    let answer = release(&site, "0.2.0", &site.bearer).await;
    assert_eq!(answer.problem(), (503, "audit-unavailable".to_owned()));
    assert_eq!(site.registry().current_revision().await.unwrap(), 1);
    assert_eq!(site.get("/", &[("accept", "text/html")]).await.status, 200);
    assert_eq!(site.get("/manifest.json", &[]).await.status, 200);
}

#[tokio::test]
async fn without_a_data_folder_everything_works_and_nothing_is_kept() {
    let site = Site::new("").await;
    site.publish("0.1.0").await;
    assert_eq!(release(&site, "0.1.0", &site.bearer).await.status, 201);
    assert!(!site.dir.path().join(FILE).exists());
}

#[tokio::test]
async fn what_was_done_is_recorded_also_when_the_caller_hung_up_meanwhile() {
    let two = "alpha.blue=http://127.0.0.1:1,alpha.green=http://127.0.0.1:2";
    let site = Site::configured(two, with_data).await;
    for n in 0..60 {
        let body = json!({ "domain": "alpha", "pool": "green", "weight": n, "reason": "" });
        let switch = post(&site, "/registry/v1/pools", &site.bearer, &body);
        // Sooner or later before its end.
        tokio::time::timeout(Duration::from_micros(n * 150), switch).await.ok();
    }
    let all_recorded = async {
        loop {
            site.state.refresh().await;
            let made =
                site.get("/registry/v1/pools", &[]).await.json()["revision"].as_u64().unwrap();
            let recorded = |n: u64| {
                let outcome = format!("pools revision {n}");
                told(&site).iter().any(|line| line.ends_with(&outcome))
            };
            if made > 0 && (1..=made).all(recorded) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    soon(all_recorded).await;
}
