//! A version arrives as an archive, from who may send it, signed by who may sign it.

use axum::{body::Body, http::Method};
use contract::ANY_NAME;
use registry::{Bundle, SigningKey, Verb};

use crate::{Answer, Site, request};

async fn put(site: &Site, path: &str, bearer: &str, body: Vec<u8>) -> Answer {
    let headers = [("authorization", bearer), ("content-type", "application/zstd")];
    site.send(request(Method::PUT, path, &headers, Body::from(body))).await
}

const PATH: &str = "/registry/v1/remotes/alpha/versions/0.2.0";

#[tokio::test]
async fn a_published_version_is_there_whole_and_once() {
    let site = Site::released().await;
    let archive = site.bundle("0.2.0").to_archive().unwrap();
    let made = put(&site, PATH, &site.bearer, archive.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.header("location"), "/remotes/alpha/0.2.0/remote.json");
    assert_eq!(made.json()["version"], "0.2.0");
    let file = site.get("/remotes/alpha/0.2.0/remote.json.sig", &[]).await;
    assert_eq!(file.json()["key"], site.key.id());
    let again = put(&site, PATH, &site.bearer, archive).await;
    assert_eq!(again.problem(), (409, "already-published".to_owned()));
}

#[tokio::test]
async fn what_must_not_be_published_is_refused_and_leaves_nothing() {
    let site = Site::released().await;
    let good = site.bundle("0.2.0");
    let unsigned = Bundle { signature: None, ..good.clone() };
    let stranger = SigningKey::generate().unwrap();
    let signature = serde_json::to_vec(&stranger.sign(&good.descriptor)).unwrap();
    let foreign = Bundle { signature: Some(signature.into()), ..good.clone() };
    let text = String::from_utf8(good.descriptor.to_vec()).unwrap();
    let forged = Bundle { descriptor: text.replace("Alpha", "Omega").into(), ..good.clone() };
    let archive = |bundle: &Bundle| bundle.to_archive().unwrap();
    let mut truncated = archive(&good);
    truncated.truncate(truncated.len() / 2);
    for (what, path, body, expected) in [
        ("unsigned", PATH, archive(&unsigned), (403, "distrusted")),
        ("by a stranger", PATH, archive(&foreign), (403, "distrusted")),
        ("changed after signing", PATH, archive(&forged), (403, "distrusted")),
        (
            "replayed under another name",
            "/registry/v1/remotes/beta/versions/0.2.0",
            archive(&good),
            (422, "invalid-bundle"),
        ),
        (
            "replayed as another version",
            "/registry/v1/remotes/alpha/versions/0.3.0",
            archive(&good),
            (422, "invalid-bundle"),
        ),
        (
            "no version",
            "/registry/v1/remotes/alpha/versions/latest",
            archive(&good),
            (422, "invalid-bundle"),
        ),
        ("truncated", PATH, truncated, (422, "invalid-bundle")),
        ("no archive", PATH, b"hello".to_vec(), (422, "invalid-bundle")),
        ("nothing", PATH, Vec::new(), (422, "invalid-bundle")),
        ("too large", PATH, vec![0; (64 << 20) + 1], (413, "body-too-large")),
    ] {
        let (status, code) = put(&site, path, &site.bearer, body).await.problem();
        assert_eq!((status, &*code), expected, "{what}");
    }
    let versions = site.registry().versions("alpha").await.unwrap();
    assert_eq!(versions.len(), 1, "nothing was written");
    assert!(!site.dir.path().join("registry/remotes/alpha/0.2.0").exists());
    assert!(!site.dir.path().join("registry/remotes/beta").exists());
}

#[tokio::test]
async fn a_key_publishes_its_own_remotes_only() {
    let site = Site::new("").await;
    let body = site.bundle("0.2.0").to_archive().unwrap();
    // Before the first request: a gateway reads its keys again once a second at most.
    let beta = site.issue(&["beta"], &[Verb::Publish]).await;
    let releaser = site.issue(&[ANY_NAME], &[Verb::Release]).await;
    let alpha = site.issue(&["alpha"], &[Verb::Publish]).await;
    let answer = put(&site, PATH, &beta, body.clone()).await;
    assert_eq!(answer.problem(), (403, "out-of-scope".to_owned()));
    assert_eq!(put(&site, PATH, &releaser, body.clone()).await.problem().0, 403);
    assert_eq!(put(&site, PATH, "Bearer ast_x_y", body.clone()).await.problem().0, 401);
    assert_eq!(put(&site, PATH, &alpha, body).await.status, 201);
}
