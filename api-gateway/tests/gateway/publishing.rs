//! A version arrives as an archive, from who may send it, signed by who may sign it.

use std::{fs, path::Path};

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

/// Every path below `dir` but those of keys.
fn stored(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        found.push(path.display().to_string());
        if path.is_dir() {
            found.extend(stored(&path));
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn an_archive_with_tricks_is_refused_and_nothing_is_written() {
    let site = Site::released().await;
    // Leading out of the archive, links, devices, two of a name and more: one file each.
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/registry/tests/corpus");
    let mut archives: Vec<(String, Vec<u8>)> = fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "zst"))
        .map(|path| (path.display().to_string(), fs::read(path).unwrap()))
        .collect();
    assert!(archives.len() >= 10, "{}", archives.len());
    let mut many = site.bundle("0.2.0");
    many.files.extend((0..10_000).map(|n| (format!("f{n}.js"), "x".into())));
    archives.push(("10,000 files".to_owned(), many.to_archive().unwrap()));
    let mut bomb = site.bundle("0.2.0");
    bomb.files.insert("bomb.js".to_owned(), vec![0; 101 << 20].into());
    let bomb = bomb.to_archive().unwrap();
    assert!(bomb.len() < 100_000, "{} bytes become 101 MiB", bomb.len());
    archives.push(("a bomb".to_owned(), bomb));

    let before = stored(site.dir.path());
    for (what, archive) in archives {
        let answer = put(&site, PATH, &site.bearer, archive).await;
        assert_eq!(answer.problem(), (422, "invalid-bundle".to_owned()), "{what}");
        // What a caller reads says what is wrong with its archive, and nothing of the machine.
        let folder = site.dir.path().display().to_string();
        assert!(!answer.text().contains(&folder), "{what}: {}", answer.text());
    }
    assert_eq!(stored(site.dir.path()), before);
}

#[tokio::test]
async fn who_publishes_what_another_is_publishing_is_told_when_to_come_back() {
    let site = Site::released().await;
    let claim = site.dir.path().join("registry/publishing/alpha/0.2.0");
    fs::create_dir_all(&claim).unwrap();
    fs::write(claim.join("1.json"), r#"{"sha256":"another"}"#).unwrap();
    let archive = site.bundle("0.2.0").to_archive().unwrap();
    let answer = put(&site, PATH, &site.bearer, archive).await;
    assert_eq!(answer.problem(), (409, "publish-in-progress".to_owned()), "{}", answer.text());
    let seconds: u64 = answer.header("retry-after").parse().unwrap();
    // In whole minutes, rounded up, of the hour that a claim is respected.
    assert!((3_540..=3_660).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn only_an_archive_is_taken_for_one() {
    let site = Site::released().await;
    let headers = [("authorization", &*site.bearer), ("content-type", "application/json")];
    let answer = site.send(request(Method::PUT, PATH, &headers, Body::from("{}"))).await;
    assert_eq!(answer.problem(), (415, "unsupported-media-type".to_owned()));
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
    assert!(answer.text().contains("may only publish for beta"), "{}", answer.text());
    assert_eq!(put(&site, PATH, &releaser, body.clone()).await.problem().0, 403);
    assert_eq!(put(&site, PATH, "Bearer ast_x_y", body.clone()).await.problem().0, 401);
    assert_eq!(put(&site, PATH, &alpha, body).await.status, 201);
}
