//! The manifest and the import map tell the newest revision, and survive a registry that cannot be read.

use std::fs;

use axum::{body::Body, http::Method};

use crate::{Site, request};

#[tokio::test]
async fn the_etag_is_the_revision() {
    let site = Site::released().await;
    for path in ["/manifest.json", "/importmap.json"] {
        let answer = site.get(path, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("etag")), (200, "\"1\""), "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        for known in ["\"1\"", "W/\"1\"", "\"0\", \"1\"", "*"] {
            let answer = site.get(path, &[("if-none-match", known)]).await;
            assert_eq!((answer.status.as_u16(), answer.header("etag")), (304, "\"1\""), "{known}");
            assert!(answer.body.is_empty());
        }
        let answer = site.get(path, &[("if-none-match", "\"0\"")]).await;
        assert_eq!(answer.status, 200);
    }
}

#[tokio::test]
async fn both_name_the_live_version() {
    let site = Site::released().await;
    let manifest = site.get("/manifest.json", &[]).await.json();
    assert_eq!(manifest["remotes"]["alpha"]["active"]["version"], "0.1.0");
    let map = site.get("/importmap.json", &[]).await.json();
    let entry = "/remotes/alpha/0.1.0/entry.js";
    assert_eq!(map["imports"]["alpha"], entry);
    assert!(map["integrity"][entry].as_str().unwrap().starts_with("sha384-"));
}

#[tokio::test]
async fn a_release_by_somebody_else_is_taken_over() {
    let site = Site::released().await;
    site.publish("0.2.0").await;
    site.release("0.2.0").await;
    site.state.refresh().await;
    assert_eq!(site.get("/manifest.json", &[]).await.header("etag"), "\"2\"");
}

#[tokio::test]
async fn the_last_good_revision_outlives_a_damaged_registry() {
    let site = Site::released().await;
    let good = site.get("/manifest.json", &[]).await.body;
    let folder = site.dir.path().join("registry/manifest");
    fs::write(folder.join("2.json"), "{ half").unwrap();
    site.state.refresh().await;
    let answer = site.get("/manifest.json", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.body), (200, good));
}

#[tokio::test]
async fn an_empty_registry_is_revision_0_and_ready() {
    let site = Site::new("").await;
    let answer = site.get("/manifest.json", &[]).await;
    assert_eq!((answer.header("etag"), &answer.json()["revision"]), ("\"0\"", &0.into()));
    assert_eq!(site.get("/readyz", &[]).await.status, 200);
}

#[tokio::test]
async fn before_the_first_read_nothing_is_claimed() {
    let site = Site::new("").await;
    fs::create_dir_all(site.dir.path().join("registry/manifest")).unwrap();
    fs::write(site.dir.path().join("registry/manifest/1.json"), "{ half").unwrap();
    fs::remove_file(site.dir.path().join("shell/shell.json")).unwrap();
    let fresh = site.restarted().await;
    let manifest = fresh.get("/manifest.json", &[]).await;
    assert_eq!(manifest.problem(), (503, "registry-unavailable".to_owned()));
    let page = fresh.get("/", &[("accept", "text/html")]).await;
    assert_eq!(page.problem(), (503, "shell-unavailable".to_owned()));
    assert_eq!(fresh.get("/readyz", &[]).await.problem(), (503, "not-ready".to_owned()));
    assert_eq!(fresh.get("/healthz", &[]).await.status, 200);
}

#[tokio::test]
async fn head_answers_without_a_body() {
    let site = Site::released().await;
    let answer = site.send(request(Method::HEAD, "/manifest.json", &[], Body::empty())).await;
    assert_eq!((answer.status.as_u16(), answer.header("etag")), (200, "\"1\""));
    assert!(answer.body.is_empty());
}
