//! Published files come immutable, in the client's coding, with the types that browsers insist on.

use axum::{body::Body, http::Method};
use registry::integrity;

use crate::{Site, bundle, files, request};

const BASE: &str = "/remotes/alpha/0.1.0/";

#[tokio::test]
async fn files_come_with_type_and_for_ever() {
    let site = Site::released().await;
    for (name, content_type) in [
        ("entry.js", "text/javascript; charset=utf-8"),
        ("alpha_bg.wasm", "application/wasm"),
        ("alpha.css", "text/css; charset=utf-8"),
    ] {
        let answer = site.get(&[BASE, name].concat(), &[]).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (200, &files("0.1.0")[name]));
        let etag = format!("\"{}\"", integrity(&answer.body));
        for (header, expected) in [
            ("content-type", content_type),
            ("cache-control", "public, max-age=31536000, immutable"),
            ("etag", &etag),
            ("vary", "accept-encoding"),
            ("content-encoding", ""),
            ("access-control-allow-origin", "*"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(answer.header(header), expected, "{header} of {name}");
        }
        let again = site.get(&[BASE, name].concat(), &[("if-none-match", &etag)]).await;
        assert_eq!((again.status.as_u16(), again.header("etag")), (304, &*etag));
        assert_eq!(again.header("cache-control"), "public, max-age=31536000, immutable");
    }
}

#[tokio::test]
async fn the_client_chooses_the_coding() {
    let site = Site::released().await;
    let plain = site.get(&[BASE, "entry.js"].concat(), &[]).await;
    for (accepts, coding) in [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("identity", ""),
        ("zstd", ""),
    ] {
        let headers = [("accept-encoding", accepts)];
        let answer = site.get(&[BASE, "entry.js"].concat(), &headers).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-encoding")), (200, coding));
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.body.len() < plain.body.len(), !coding.is_empty(), "{accepts}");
        let same = answer.header("etag") == plain.header("etag");
        assert_eq!(same, coding.is_empty(), "a coding of its own has a validator of its own");
        let etag = answer.header("etag");
        let again = [("accept-encoding", accepts), ("if-none-match", etag)];
        assert_eq!(site.get(&[BASE, "entry.js"].concat(), &again).await.status, 304);
    }
    let tiny = site.get(&[BASE, "tiny.txt"].concat(), &[("accept-encoding", "br")]).await;
    assert_eq!((tiny.header("content-encoding"), tiny.text()), ("", "x"));
}

#[tokio::test]
async fn head_tells_what_get_would() {
    let site = Site::released().await;
    let path = [BASE, "entry.js"].concat();
    let get = site.get(&path, &[]).await;
    let head = site.send(request(Method::HEAD, &path, &[], Body::empty())).await;
    assert!(head.body.is_empty());
    assert_eq!(head.header("content-length"), get.body.len().to_string());
    assert_eq!(head.header("etag"), get.header("etag"));
}

#[tokio::test]
async fn the_descriptor_is_a_file_too() {
    let site = Site::released().await;
    let answer = site.get(&[BASE, "remote.json"].concat(), &[]).await;
    assert_eq!(answer.body, bundle("0.1.0").descriptor);
}

#[tokio::test]
async fn what_is_not_published_is_404_and_not_remembered() {
    let site = Site::released().await;
    for path in [
        "/remotes/alpha/0.1.0/no.js",
        "/remotes/alpha/0.1.0/entry.js.br",
        "/remotes/alpha/9.9.9/entry.js",
        "/remotes/beta/0.1.0/entry.js",
        "/remotes/alpha/0.1.0/%2e%2e/0.1.0/entry.js",
        "/remotes/alpha/0.1.0/..%2f0.1.0%2fentry.js",
    ] {
        let answer = site.get(path, &[("accept", "text/html")]).await;
        assert_eq!(answer.problem(), (404, "no-such-file".to_owned()), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
    site.publish("9.9.9").await;
    assert_eq!(site.get("/remotes/alpha/9.9.9/entry.js", &[]).await.status, 200);
}

#[tokio::test]
async fn what_was_read_once_is_read_again_only_when_it_changed() {
    let site = Site::released().await;
    let path = [BASE, "entry.js"].concat();
    let get = || async { site.get(&path, &[]).await };
    let (published, other) = (files("0.1.0")["entry.js"].clone(), b"evil()".repeat(9));
    assert_eq!(get().await.body, published);
    let stored = site.dir.path().join("registry/remotes/alpha/0.1.0/entry.js");
    let written = std::fs::metadata(&stored).unwrap().modified().unwrap();
    let write = |bytes: &[u8]| {
        std::fs::write(&stored, bytes).unwrap();
        std::fs::File::options().write(true).open(&stored).unwrap().set_modified(written).unwrap();
    };

    // Nothing tells this one from the one that was read, but its bytes.
    write(&vec![b'-'; published.len()]);
    assert_eq!(get().await.body, published);
    write(&other);
    assert_eq!(get().await.body, other);
    std::fs::remove_file(&stored).unwrap();
    assert_eq!(get().await.problem().0, 404);
    write(&published);
    assert_eq!(get().await.body, published);
}
