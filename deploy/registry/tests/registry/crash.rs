//! A publish may die anywhere: nothing half is seen, nothing else is lost, and it can be done again.

use std::{
    env, fs,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, SystemTime},
};

use object_store::{ObjectStore, memory::InMemory};
use registry::{Bundle, Encoding, Registry, RegistryError};

use crate::{KEY, bundle, bundle_of, descriptor, empty, failing::Failing, files, release};

/// Tells a run of this test binary that it is to publish, and where.
const CHILD: &str = "REGISTRY_TEST_CHILD";

/// A bundle of the same version with other bytes.
fn other(version: &str) -> Bundle {
    let mut files = files(version);
    files.insert("entry.js".to_owned(), "export const other = 1;\n".repeat(40).into());
    files.insert("more.js".to_owned(), "1".into());
    bundle_of(&descriptor(version, &files), files)
}

async fn assert_exactly(registry: &Registry, version: &str, bundle: &Bundle) {
    let get = async |file: &str, encoding| {
        registry.file("search", version, file, encoding).await.unwrap()
    };
    for (name, bytes) in &bundle.files {
        let found = get(name, Encoding::Identity).await;
        assert_eq!(found.as_ref(), Some(bytes), "{name}");
        if let Some(small) = get(name, Encoding::Gzip).await {
            assert_eq!(Some(&*small), registry::precompress::gzip(bytes).as_deref(), "{name}");
        }
    }
    for name in ["entry.js", "more.js"] {
        let there = get(name, Encoding::Identity).await.is_some();
        assert_eq!(there, bundle.files.contains_key(name), "{name}");
    }
    assert_eq!(get("remote.json", Encoding::Identity).await, Some(bundle.descriptor.clone()));
    assert_eq!(get("remote.json.sig", Encoding::Identity).await, bundle.signature.clone());
}

async fn names(registry: &Registry) -> Vec<String> {
    let versions = registry.versions("search").await.unwrap();
    versions.into_iter().map(|version| version.version).collect()
}

#[tokio::test]
async fn a_publish_that_fails_at_any_operation_is_invisible_and_can_be_done_again() {
    let mut operations = 0;
    loop {
        let inner: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let steady = Registry::over(Arc::clone(&inner));
        steady.trust(&KEY.trusted(vec!["*".to_owned()])).await.unwrap();
        steady.publish(&bundle("0.1.0")).await.unwrap();
        steady.release(&release("0.1.0"), None).await.unwrap();

        let shaky = Registry::over(Arc::new(Failing::after(operations, Arc::clone(&inner))));
        let built = bundle("0.2.0");
        let done = shaky.publish(&built).await.is_ok();
        if !done && names(&steady).await.len() == 1 {
            let half = steady.file("search", "0.2.0", "entry.js", Encoding::Identity).await;
            assert_eq!(half.unwrap(), None, "after {operations}");
            assert_eq!(names(&steady).await, ["0.1.0"], "after {operations}");
            steady.publish(&built).await.unwrap();
        }
        // Failing after the marker is there is only a lost answer.
        assert_exactly(&steady, "0.2.0", &built).await;
        assert_exactly(&steady, "0.1.0", &bundle("0.1.0")).await;
        steady.release(&release("0.2.0"), None).await.unwrap();
        if done {
            break;
        }
        operations += 1;
    }
    assert!(operations > 15, "only {operations} operations were interrupted");
}

#[tokio::test]
async fn other_bytes_wait_an_hour_for_an_unfinished_publish() {
    let (dir, registry) = empty().await;
    let inner = object_store::local::LocalFileSystem::new_with_prefix(dir.path()).unwrap();
    // Keys, looks, and the claim succeed; then it dies among the files.
    let shaky = Registry::over(Arc::new(Failing::after(11, Arc::new(inner))));
    shaky.publish(&other("0.1.0")).await.unwrap_err();
    let left = fs::read_dir(dir.path().join("remotes/search/0.1.0")).unwrap().count();
    assert!(left > 0, "it died too early to leave anything");

    let error = registry.publish(&bundle("0.1.0")).await.unwrap_err();
    assert!(matches!(error, RegistryError::PublishInProgress { .. }), "{error:?}");
    assert!(error.to_string().contains("raise the version, or try again in 6"), "{error}");

    let claim = fs::File::options()
        .write(true)
        .open(dir.path().join("publishing/search/0.1.0/1.json"))
        .unwrap();
    claim.set_modified(SystemTime::now() - Duration::from_secs(3601)).unwrap();
    registry.publish(&bundle("0.1.0")).await.unwrap();
    assert_exactly(&registry, "0.1.0", &bundle("0.1.0")).await;
    assert!(!dir.path().join("publishing/search/0.1.0/1.json").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_publishers_with_other_bytes_exactly_one_wins_and_its_files_are_whole() {
    for _ in 0..20 {
        let (dir, _) = empty().await;
        let tasks =
            [bundle("0.1.0"), other("0.1.0"), bundle("0.1.0"), other("0.1.0")].map(|built| {
                let registry = Registry::open(dir.path().to_str().unwrap()).unwrap();
                tokio::spawn(async move { registry.publish(&built).await.is_ok().then_some(built) })
            });
        let mut winners = Vec::new();
        for task in tasks {
            winners.extend(task.await.unwrap());
        }
        let registry = Registry::open(dir.path().to_str().unwrap()).unwrap();
        let [winner] = &winners[..] else { panic!("{} winners", winners.len()) };
        assert_exactly(&registry, "0.1.0", winner).await;
    }
}

#[tokio::test]
async fn a_child_that_publishes() {
    let Ok(dir) = env::var(CHILD) else { return };
    let registry = Registry::open(&dir).unwrap();
    let key = registry::SigningKey::read(&std::path::Path::new(&dir).join("test.key")).unwrap();
    println!("ready");
    registry.publish(&large(&key)).await.unwrap();
}

/// Enough files that dying among them is likely.
fn large(key: &registry::SigningKey) -> Bundle {
    let mut files = files("0.2.0");
    for n in 0..40 {
        files.insert(format!("chunk-{n}.js"), format!("export const n = {n};\n").repeat(50).into());
    }
    crate::signed(serde_json::to_vec(&descriptor("0.2.0", &files)).unwrap(), files, key)
}

#[tokio::test]
async fn a_publisher_that_is_killed_leaves_nothing_half() {
    let (dir, registry) = empty().await;
    let key = registry::SigningKey::generate().unwrap();
    key.write_new(&dir.path().join("test.key")).unwrap();
    registry.trust(&key.trusted(vec!["*".to_owned()])).await.unwrap();
    registry.publish(&bundle("0.1.0")).await.unwrap();
    let mut killed = 0;
    for round in 0_u64..12 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "crash::a_child_that_publishes", "--nocapture"])
            .env(CHILD, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("ready") {
            line.clear();
            assert!(
                std::io::BufRead::read_line(&mut out, &mut line).unwrap() > 0,
                "it never began"
            );
        }
        tokio::time::sleep(Duration::from_millis(3 * round + round % 3)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        if names(&registry).await == ["0.1.0"] {
            let half = registry.file("search", "0.2.0", "entry.js", Encoding::Identity).await;
            assert_eq!(half.unwrap(), None);
            killed += 1;
        }
    }
    assert!(killed > 0, "no child was killed in time");
    match registry.publish(&large(&key)).await {
        Ok(_) | Err(RegistryError::AlreadyPublished { .. }) => {}
        Err(error) => panic!("{error}"),
    }
    assert_exactly(&registry, "0.2.0", &large(&key)).await;
    assert_exactly(&registry, "0.1.0", &bundle("0.1.0")).await;
}
