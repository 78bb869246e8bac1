//! The registry over a real folder.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

mod archive;
mod crash;
mod failing;
mod files;
mod fuzz;
mod gc;
mod keys;
mod pools;
mod publish;
mod release;
mod rollback;
mod s3;
mod signatures;

use std::{collections::BTreeMap, sync::LazyLock};

use bytes::Bytes;
use contract::{ANY_NAME, Built, Descriptor, FileInfo, Kind, SCHEMA};
use registry::{Bundle, Registry, ReleaseRequest, RollbackRequest, SigningKey, integrity};
use tempfile::TempDir;

/// Signs what the tests publish.
static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());

/// The descriptor that fits `files`, of a remote named `search`.
fn descriptor(version: &str, files: &BTreeMap<String, Bytes>) -> Descriptor {
    let info = |bytes: &Bytes| FileInfo { integrity: integrity(bytes), bytes: bytes.len() as u64 };
    Descriptor {
        schema: SCHEMA,
        name: "search".to_owned(),
        version: version.to_owned(),
        contract: "^1.0".to_owned(),
        entry: "entry.js".to_owned(),
        styles: vec!["style.css".to_owned()],
        preload: Vec::new(),
        files: files.iter().map(|(name, bytes)| (name.clone(), info(bytes))).collect(),
        routes: Vec::new(),
        apis: vec!["search".to_owned()],
        kind: Kind::Yew,
        built: Built::default(),
    }
}

fn files(version: &str) -> BTreeMap<String, Bytes> {
    let entry = format!("export const version = '{version}';\n").repeat(40);
    let style = ".search-card { color: inherit }\n".repeat(40);
    [("entry.js", entry), ("style.css", style), ("tiny/x.txt", "x".to_owned())]
        .map(|(name, text)| (name.to_owned(), Bytes::from(text)))
        .into()
}

fn bundle_of(descriptor: &Descriptor, files: BTreeMap<String, Bytes>) -> Bundle {
    signed(serde_json::to_vec(descriptor).unwrap(), files, &KEY)
}

/// A bundle of exactly these bytes, signed by `key`.
fn signed(descriptor: Vec<u8>, files: BTreeMap<String, Bytes>, key: &SigningKey) -> Bundle {
    let signature = serde_json::to_vec(&key.sign(&descriptor)).unwrap();
    Bundle { descriptor: descriptor.into(), signature: Some(signature.into()), files }
}

fn bundle(version: &str) -> Bundle {
    let files = files(version);
    bundle_of(&descriptor(version, &files), files)
}

/// An empty registry that trusts [`KEY`] for every name.
async fn empty() -> (TempDir, Registry) {
    let dir = tempfile::tempdir().unwrap();
    let registry = Registry::open(dir.path().to_str().unwrap()).unwrap();
    registry.trust(&KEY.trusted(vec![ANY_NAME.to_owned()])).await.unwrap();
    (dir, registry)
}

/// A registry with these versions published, none live.
async fn published(versions: &[&str]) -> (TempDir, Registry) {
    let (dir, registry) = empty().await;
    for version in versions {
        registry.publish(&bundle(version)).await.unwrap();
    }
    (dir, registry)
}

fn release(version: &str) -> ReleaseRequest {
    ReleaseRequest {
        remote: "search".to_owned(),
        version: version.to_owned(),
        percent: None,
        reason: "a test".to_owned(),
        who: "tester".to_owned(),
    }
}

fn rollback(to: Option<&str>) -> RollbackRequest {
    RollbackRequest {
        remote: "search".to_owned(),
        to: to.map(ToOwned::to_owned),
        reason: "it broke".to_owned(),
        who: "tester".to_owned(),
    }
}
