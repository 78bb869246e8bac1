//! The same promises over S3: the protocol's own client against a server, real or small.
//!
//! Always: a server of this file that knows the few requests that the registry makes. With `moto_server`
//! (`PyPI` `moto[server]`) in the tool cache or named by `ASTERISM_S3_SERVER`: that as well.

mod fake;

use std::{
    env,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use object_store::{
    ObjectStore, ObjectStoreExt, PutMode,
    aws::{AmazonS3Builder, S3ConditionalPut},
};
use registry::{Encoding, GcRequest, Registry, RegistryError};

use crate::{KEY, bundle, release};

const BUCKET: &str = "registry";

/// A registry at an S3 server; what it opens is what `Registry::open("s3://…")` opens, but for the
/// environment, which tests do not change.
fn open(address: &str, prefix: &str) -> Registry {
    Registry::over(Arc::new(object_store::prefix::PrefixStore::new(store(address), prefix)))
}

fn store(address: &str) -> Arc<dyn ObjectStore> {
    let builder = AmazonS3Builder::new()
        .with_endpoint(address)
        .with_region("us-east-1")
        .with_access_key_id("test")
        .with_secret_access_key("test")
        .with_allow_http(true)
        .with_bucket_name(BUCKET)
        .with_conditional_put(S3ConditionalPut::ETagMatch);
    Arc::new(registry::s3::plain(builder).build().unwrap())
}

async fn promises(address: &str) {
    let registry = open(address, "a/b");
    registry.trust(&KEY.trusted(vec!["search".to_owned()])).await.unwrap();
    let versions: Vec<String> = (0..50).map(|n| format!("1.{n}.0")).collect();
    for version in &versions {
        registry.publish(&bundle(version)).await.unwrap();
    }
    let again = registry.publish(&bundle("1.0.0")).await;
    assert!(matches!(again, Err(RegistryError::AlreadyPublished { .. })), "{again:?}");

    let tasks = versions.iter().map(|version| {
        let (registry, request) = (open(address, "a/b"), release(version));
        tokio::spawn(async move { registry.release(&request, None).await.unwrap().revision })
    });
    let mut given = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        given.push(task.await.unwrap());
    }
    given.sort_unstable();
    assert_eq!(given, (1..=50).collect::<Vec<u64>>(), "fifty releases lose none and skip none");

    let manifest = registry.manifest().await.unwrap();
    let live = &manifest.remotes["search"];
    let request = GcRequest { keep: 3, dry_run: false, who: "tester".to_owned() };
    let report = registry.gc(&request).await.unwrap();
    // Three revisions name four versions: the active ones and the one before the first.
    assert_eq!((report.removed.len(), report.kept), (46, 4));
    let previous = live.previous.as_ref().unwrap().version.clone();
    for version in [live.active.version.clone(), previous] {
        let found = registry.file("search", &version, "entry.js", Encoding::Brotli).await.unwrap();
        assert!(found.is_some(), "{version}");
    }
    crash(address).await;
}

/// As over a folder: a publish that dies at any operation is invisible and can be done again.
async fn crash(address: &str) {
    for operations in 0..60 {
        let prefix = format!("crash/{operations}");
        let steady = open(address, &prefix);
        steady.trust(&KEY.trusted(vec!["search".to_owned()])).await.unwrap();
        let inner = object_store::prefix::PrefixStore::new(store(address), prefix);
        let shaky = crate::failing::Failing::after(operations, Arc::new(inner));
        let built = bundle("0.1.0");
        if Registry::over(Arc::new(shaky)).publish(&built).await.is_ok() {
            assert!(operations > 15, "only {operations} operations were interrupted");
            return;
        }
        if steady.versions("search").await.unwrap().is_empty() {
            steady.publish(&built).await.unwrap();
        }
        for (name, bytes) in &built.files {
            let found = steady.file("search", "0.1.0", name, Encoding::Identity).await.unwrap();
            assert_eq!(found.as_ref(), Some(bytes), "{name} after {operations}");
        }
    }
    unreachable!("a publish takes more than 60 operations");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_small_server_keeps_the_promises() {
    let address = fake::serve().await;
    promises(&address).await;
    let object = "x".into();
    let (store, bytes) = (store(&address), || "1".into());
    store.put_opts(&object, bytes(), PutMode::Create.into()).await.unwrap();
    let twice = store.put_opts(&object, bytes(), PutMode::Create.into()).await;
    assert!(matches!(twice, Err(object_store::Error::AlreadyExists { .. })), "{twice:?}");
    store.delete(&object).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_real_server_keeps_the_promises() {
    let Some(program) = server() else {
        eprintln!("no moto_server here: only the small server of this test was asked");
        return;
    };
    let running = Running::start(&program).await;
    promises(&running.address).await;
}

fn server() -> Option<PathBuf> {
    if let Some(named) = env::var_os("ASTERISM_S3_SERVER") {
        return Some(named.into());
    }
    let home = PathBuf::from(env::var_os("HOME")?);
    let cached = home.join(".cache/asterism/tools/s3/bin/moto_server");
    cached.exists().then_some(cached)
}

struct Running {
    child: Child,
    address: String,
}

impl Running {
    async fn start(program: &std::path::Path) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let child = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let running = Self { child, address: format!("http://127.0.0.1:{port}") };
        let client = reqwest::Client::new();
        let bucket = format!("{}/{BUCKET}", running.address);
        for _ in 0..300 {
            // Only some credential has to be named; it is not checked.
            let signed = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request";
            let made = client.put(&bucket).header("authorization", signed).body("").send().await;
            if made.is_ok_and(|made| made.status().is_success()) {
                return running;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        unreachable!("the server at {bucket} does not answer");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
