//! Files come out as they went in, and nothing else comes out.

use registry::{Encoding, Registry};

use crate::{KEY, bundle, published};

#[tokio::test]
async fn files_come_in_the_forms_that_are_smaller() {
    let (_dir, registry) = published(&["0.1.0"]).await;
    let file =
        async |name, encoding| registry.file("search", "0.1.0", name, encoding).await.unwrap();
    let entry = file("entry.js", Encoding::Identity).await.unwrap();
    let brotli = file("entry.js", Encoding::Brotli).await.unwrap();
    let gzip = file("entry.js", Encoding::Gzip).await.unwrap();
    assert!(brotli.len() < gzip.len() && gzip.len() < entry.len());
    assert!(file("tiny/x.txt", Encoding::Identity).await.is_some());
    assert_eq!(file("tiny/x.txt", Encoding::Gzip).await, None);
    let descriptor = file("remote.json", Encoding::Identity).await;
    assert_eq!(descriptor, Some(bundle("0.1.0").descriptor), "to the byte");
}

#[tokio::test]
async fn paths_outside_a_version_are_nothing() {
    let (dir, registry) = published(&["0.1.0"]).await;
    std::fs::write(dir.path().join("secret.txt"), "secret").unwrap();
    for (remote, version, file) in [
        ("search", "0.1.0", "../../../secret.txt"),
        ("search", "0.1.0", "/etc/hostname"),
        ("search", "0.1.0", "entry.js.br"),
        ("search", "0.1.0", "tiny"),
        ("search", "0.1.0", ""),
        ("search", "..", "search/0.1.0/entry.js"),
        ("..", "0.1.0", "entry.js"),
        ("search", "9.9.9", "entry.js"),
    ] {
        let found = registry.file(remote, version, file, Encoding::Identity).await;
        assert!(matches!(found, Ok(None)), "{remote} {version} {file}: {found:?}");
    }
}

#[tokio::test]
async fn urls_open_a_registry_and_unknown_ones_say_so() {
    let dir = tempfile::tempdir().unwrap();
    let location = format!("file://{}", dir.path().join("made/here").display());
    for location in [location.as_str(), "memory:///"] {
        let registry = Registry::open(location).unwrap();
        registry.trust(&KEY.trusted(vec!["search".to_owned()])).await.unwrap();
        registry.publish(&bundle("0.1.0")).await.unwrap();
    }
    assert!(dir.path().join("made/here/remotes/search/0.1.0/remote.json").exists());
    let error = Registry::open("ftp://example.org/x").unwrap_err();
    assert!(error.to_string().contains("ftp://example.org/x"), "{error}");
}
