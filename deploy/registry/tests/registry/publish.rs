//! A version is there whole, once, and only when it keeps every rule.

use std::fs;

use bytes::Bytes;
use contract::Descriptor;
use registry::{Bundle, Encoding, Registry, RegistryError};

use crate::{bundle, bundle_of, descriptor, empty, files};

#[tokio::test]
async fn a_bundle_read_from_a_folder_is_published_and_listed() {
    let (_dir, registry) = empty().await;
    let source = tempfile::tempdir().unwrap();
    let built = bundle("0.1.0");
    fs::write(source.path().join("remote.json"), &built.descriptor).unwrap();
    let signature = built.signature.clone().unwrap();
    fs::write(source.path().join("remote.json.sig"), signature).unwrap();
    for (name, bytes) in &built.files {
        let path = source.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let read = Bundle::read_dir(source.path()).unwrap();
    let published = registry.publish(&read).await.unwrap();
    assert_eq!(published.version, "0.1.0");
    registry.publish(&bundle("0.10.0")).await.unwrap();

    let [remote] = &registry.remotes().await.unwrap()[..] else { panic!("one remote") };
    assert_eq!((remote.name.as_str(), remote.versions, &remote.live), ("search", 2, &None));
    let versions = registry.versions("search").await.unwrap();
    let names: Vec<_> = versions.iter().map(|v| v.version.as_str()).collect();
    assert_eq!(names, ["0.10.0", "0.1.0"]);
    let bytes: usize = built.files.values().map(Bytes::len).sum();
    assert_eq!(versions[1].bytes, bytes as u64);
    assert_eq!(registry.manifest().await.unwrap().revision, 0, "publishing releases nothing");
}

#[tokio::test]
async fn a_version_is_published_once() {
    let (_dir, registry) = empty().await;
    registry.publish(&bundle("0.1.0")).await.unwrap();
    let again = registry.publish(&bundle("0.1.0")).await;
    assert!(matches!(again, Err(RegistryError::AlreadyPublished { .. })), "{again:?}");
}

#[tokio::test]
async fn of_two_publishers_in_two_processes_one_wins() {
    let (dir, one) = empty().await;
    let two = Registry::open(dir.path().to_str().unwrap()).unwrap();
    let built = bundle("0.1.0");
    let (a, b) = tokio::join!(one.publish(&built), two.publish(&built));
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
    let entry = one.file("search", "0.1.0", "entry.js", Encoding::Identity).await.unwrap();
    assert_eq!(entry.as_ref(), built.files.get("entry.js"));
}

#[tokio::test]
async fn leftovers_of_a_crashed_publish_are_invisible_and_replaced() {
    let (dir, registry) = empty().await;
    let folder = dir.path().join("remotes/search/0.1.0");
    fs::create_dir_all(folder.join("tiny")).unwrap();
    fs::write(folder.join("entry.js"), "half of").unwrap();
    fs::write(folder.join("tiny/x.txt.br"), "of other bytes").unwrap();
    fs::write(folder.join("gone.js"), "not in the bundle").unwrap();

    assert_eq!(registry.versions("search").await.unwrap(), []);
    assert_eq!(registry.remotes().await.unwrap(), []);
    let file =
        async |name, encoding| registry.file("search", "0.1.0", name, encoding).await.unwrap();
    assert_eq!(file("entry.js", Encoding::Identity).await, None);

    let built = bundle("0.1.0");
    registry.publish(&built).await.unwrap();
    assert_eq!(file("entry.js", Encoding::Identity).await, built.files.get("entry.js").cloned());
    assert_eq!(file("tiny/x.txt", Encoding::Brotli).await, None, "a stale smaller form");
    assert_eq!(file("gone.js", Encoding::Identity).await, None);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_with_the_rule() {
    fn field(change: impl Fn(&mut Descriptor)) -> Bundle {
        let files = files("0.1.0");
        let mut descriptor = descriptor("0.1.0", &files);
        change(&mut descriptor);
        bundle_of(&descriptor, files)
    }
    fn with_file(name: &str, text: &'static str, listed: bool) -> Bundle {
        let mut all = files("0.1.0");
        if listed {
            all.insert(name.to_owned(), Bytes::from_static(text.as_bytes()));
        }
        let descriptor = descriptor("0.1.0", &all);
        all.insert(name.to_owned(), Bytes::from_static(text.as_bytes()));
        bundle_of(&descriptor, all)
    }
    let mut tampered = bundle("0.1.0");
    let entry = tampered.files.get_mut("entry.js").unwrap();
    let mut bytes = entry.to_vec();
    bytes[3] ^= 1;
    *entry = bytes.into();
    let mut missing = bundle("0.1.0");
    missing.files.remove("style.css");
    let mut garbage = bundle("0.1.0");
    garbage.descriptor = Bytes::from_static(b"{}");
    garbage.signature = None;

    let (_dir, registry) = empty().await;
    for (bundle, says) in [
        (field(|d| d.schema = 2), "`schema` is 2"),
        (field(|d| d.name = "../x".to_owned()), "`name` is `../x`"),
        (field(|d| d.version = "1.0".to_owned()), "`version` is `1.0`"),
        (field(|d| d.contract = "soon".to_owned()), "`contract` is `soon`"),
        (field(|d| d.entry = "no.js".to_owned()), "`entry` names `no.js`"),
        (field(|d| d.styles = vec!["no.css".to_owned()]), "`styles` names `no.css`"),
        (field(|d| d.preload = vec!["no.wasm".to_owned()]), "`preload` names `no.wasm`"),
        (field(|d| d.apis = vec!["../admin".to_owned()]), "`apis` names `../admin`"),
        (field(|d| d.files.get_mut("entry.js").unwrap().bytes += 1), "listed with"),
        (tampered, "changed after it was hashed"),
        (missing, "`style.css` is listed but not in the bundle"),
        (with_file("extra.js", "1", false), "`extra.js` is in the bundle but not listed"),
        (with_file("ENTRY.js", "1", true), "`ENTRY.js` and `entry.js` differ only in case"),
        (with_file("entry.js/x.js", "1", true), "`entry.js` is a file and the folder of"),
        (with_file("remote.json.sig", "1", true), "`remote.json.sig` is not allowed"),
        (field(|d| d.name = "a/b".to_owned()), "`name` is `a/b`"),
        (field(|d| d.version = "1.0.0/..".to_owned()), "`version` is `1.0.0/..`"),
        (field(|d| d.files.get_mut("entry.js").unwrap().bytes = 1 << 40), "more than 104857600"),
        (with_file("../up.js", "1", true), "`../up.js` is not allowed"),
        (with_file("entry.js.br", "1", true), "`entry.js.br` is not allowed"),
        (with_file("glue.js", "node.__yew_listener_id = 1", true), "still has Yew's own"),
        (garbage, "`remote.json` cannot be read"),
    ] {
        let error = registry.publish(&bundle).await.unwrap_err();
        assert!(matches!(error, RegistryError::InvalidBundle(_)), "{says}: {error:?}");
        assert!(error.to_string().contains(says), "{says}: {error}");
    }
    assert_eq!(registry.remotes().await.unwrap(), [], "nothing was stored");
}

#[tokio::test]
async fn renamed_yew_brands_and_other_frameworks_pass() {
    let (_dir, registry) = empty().await;
    let mut renamed = files("0.1.0");
    let glue = "n.__yew_search_subtree_id; n.__yew_search_listener_id";
    renamed.insert("glue.js".to_owned(), Bytes::from_static(glue.as_bytes()));
    let yew = descriptor("0.1.0", &renamed);
    registry.publish(&bundle_of(&yew, renamed)).await.unwrap();

    let mut foreign = files("0.2.0");
    foreign.insert("glue.js".to_owned(), Bytes::from_static(b"n.__yew_subtree_id"));
    let mut module = descriptor("0.2.0", &foreign);
    module.kind = contract::Kind::Module;
    registry.publish(&bundle_of(&module, foreign)).await.unwrap();
}
