//! A collection takes what nothing needs, all of it, and never anything else.

use std::{collections::HashSet, fs, sync::Arc, time::Duration};

use object_store::{ObjectStore, memory::InMemory};
use proptest::prelude::*;
use registry::{Encoding, GcRequest, Registry, RegistryError, ReleaseRequest};

use crate::{KEY, bundle, empty, failing::Failing, published, release, rollback};

fn keep(keep: u64) -> GcRequest {
    GcRequest { keep, dry_run: false, who: "tester".to_owned() }
}

async fn versions(registry: &Registry) -> Vec<String> {
    let found = registry.versions("search").await.unwrap();
    found.into_iter().map(|version| version.version).collect()
}

#[tokio::test]
async fn versions_that_nothing_names_go_and_never_come_back() {
    let (dir, registry) = published(&["0.1.0", "0.2.0", "0.3.0", "0.4.0"]).await;
    for version in ["0.1.0", "0.2.0", "0.3.0"] {
        registry.release(&release(version), None).await.unwrap();
    }
    let zero = registry.gc(&keep(0)).await;
    assert!(matches!(zero, Err(RegistryError::InvalidRequest { field: "keep", .. })), "{zero:?}");
    let dry = registry.gc(&GcRequest { dry_run: true, ..keep(1) }).await.unwrap();
    assert_eq!((versions(&registry).await.len(), dry.kept), (4, 2), "a dry run removes nothing");
    let report = registry.gc(&keep(1)).await.unwrap();
    let removed: Vec<_> = report.removed.iter().map(|gone| gone.version.as_str()).collect();
    assert_eq!(removed, ["0.1.0", "0.4.0"]);
    assert_eq!((report.removed, report.freed_bytes), (dry.removed, dry.freed_bytes));
    assert!(report.freed_bytes > 0);
    assert_eq!(versions(&registry).await, ["0.3.0", "0.2.0"]);
    assert_eq!(
        registry.file("search", "0.1.0", "entry.js", Encoding::Identity).await.unwrap(),
        None
    );

    for again in [
        registry.publish(&bundle("0.1.0")).await.map(drop),
        registry.release(&release("0.1.0"), None).await.map(drop),
    ] {
        assert!(matches!(again, Err(RegistryError::VersionRemoved { .. })), "{again:?}");
    }
    let stone = fs::read_to_string(dir.path().join("removed/search/0.1.0.json")).unwrap();
    assert!(stone.contains("tester") && stone.contains("sha256"), "{stone}");
    let back = registry.rollback(&rollback(None), None).await.unwrap();
    assert_eq!(back.to, "0.2.0");
    assert_eq!(back.manifest.remotes["search"].previous, None, "0.1.0 is gone");
}

#[tokio::test]
async fn leftovers_go_after_a_day() {
    let (dir, registry) = empty().await;
    let left = dir.path().join("remotes/search/0.9.0/entry.js");
    fs::create_dir_all(left.parent().unwrap()).unwrap();
    fs::write(&left, "half").unwrap();
    assert_eq!(registry.gc(&keep(1)).await.unwrap().removed, []);
    let day = Duration::from_secs(24 * 3600 + 60);
    let file = fs::File::options().write(true).open(&left).unwrap();
    file.set_modified(std::time::SystemTime::now() - day).unwrap();
    assert_eq!(registry.gc(&keep(1)).await.unwrap().removed.len(), 1);
    assert!(!left.exists());
    registry.publish(&bundle("0.9.0")).await.unwrap();
}

#[tokio::test]
async fn a_release_under_way_keeps_its_versions() {
    let (dir, registry) = published(&["0.1.0"]).await;
    fs::create_dir_all(dir.path().join("releasing/search")).unwrap();
    let announced = dir.path().join("releasing/search/0011223344556677");
    fs::write(&announced, "").unwrap();
    assert_eq!(registry.gc(&keep(1)).await.unwrap().removed, []);
    registry.release(&release("0.1.0"), None).await.unwrap();
    assert!(announced.exists(), "it is somebody else's");
    let left = fs::read_dir(dir.path().join("releasing/search")).unwrap().count();
    assert_eq!(left, 1, "a release takes its own announcement back");
}

#[tokio::test]
async fn a_collection_that_dies_anywhere_leaves_versions_whole_or_invisible() {
    for operations in 0.. {
        let inner: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let steady = Registry::over(Arc::clone(&inner));
        steady.trust(&KEY.trusted(vec!["*".to_owned()])).await.unwrap();
        for version in ["0.1.0", "0.2.0", "0.3.0"] {
            steady.publish(&bundle(version)).await.unwrap();
            steady.release(&release(version), None).await.unwrap();
        }
        let shaky = Registry::over(Arc::new(Failing::after(operations, Arc::clone(&inner))));
        let done = shaky.gc(&keep(1)).await.is_ok();
        for version in versions(&steady).await {
            for (name, bytes) in bundle(&version).files {
                let found =
                    steady.file("search", &version, &name, Encoding::Identity).await.unwrap();
                assert_eq!(found, Some(bytes), "{version} {name} after {operations}");
            }
        }
        steady.gc(&keep(1)).await.unwrap();
        assert_eq!(versions(&steady).await, ["0.3.0", "0.2.0"]);
        let left = futures_util::TryStreamExt::try_collect::<Vec<_>>(
            inner.list(Some(&"remotes/search/0.1.0".into())),
        );
        assert_eq!(left.await.unwrap().len(), 0, "after {operations}");
        if done {
            assert!(operations > 10, "only {operations} operations were interrupted");
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_release_and_a_collection_at_once_never_lose_what_is_live() {
    for _ in 0..30 {
        let (dir, registry) = published(&["0.1.0", "0.2.0"]).await;
        registry.release(&release("0.1.0"), None).await.unwrap();
        let other = Registry::open(dir.path().to_str().unwrap()).unwrap();
        let collect = tokio::spawn(async move { other.gc(&keep(1)).await });
        let released = registry.release(&release("0.2.0"), None).await;
        collect.await.unwrap().unwrap();
        match released {
            Ok(_) => assert_eq!(versions(&registry).await, ["0.2.0", "0.1.0"]),
            Err(RegistryError::VersionRemoved { .. } | RegistryError::NotPublished { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Publish(u8),
    Release(u8, Option<u8>),
    Rollback(Option<u8>),
    Collect(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let version = 0_u8..8;
    prop_oneof![
        3 => version.clone().prop_map(Step::Publish),
        4 => (version.clone(), proptest::option::weighted(0.3, 1_u8..=99))
            .prop_map(|(version, percent)| Step::Release(version, percent)),
        2 => proptest::option::weighted(0.5, version).prop_map(Step::Rollback),
        2 => (1_u64..5).prop_map(Step::Collect),
    ]
}

fn number(version: u8) -> String {
    format!("1.{version}.0")
}

/// Every version that one of the last `keep` manifests names.
async fn named(registry: &Registry, keep: u64) -> HashSet<String> {
    let mut named = HashSet::new();
    for revision in registry.revisions(None, keep as usize).await.unwrap() {
        for state in revision.manifest.remotes.into_values() {
            named.insert(state.active.version);
            named.extend(state.canary.map(|canary| canary.release.version));
            named.extend(state.previous.map(|release| release.version));
        }
    }
    named
}

async fn run(steps: Vec<Step>) {
    let registry = Registry::over(Arc::new(InMemory::new()));
    registry.trust(&KEY.trusted(vec!["*".to_owned()])).await.unwrap();
    let mut removed = HashSet::new();
    for step in steps {
        match step {
            Step::Publish(version) => {
                let version = number(version);
                let done = registry.publish(&bundle(&version)).await;
                assert!(!(done.is_ok() && removed.contains(&version)), "{version} came back");
            }
            Step::Release(version, percent) => {
                let request = ReleaseRequest { percent, ..release(&number(version)) };
                drop(registry.release(&request, None).await);
            }
            Step::Rollback(to) => {
                drop(registry.rollback(&rollback(to.map(number).as_deref()), None).await);
            }
            Step::Collect(last) => {
                let before = versions(&registry).await;
                let gone = registry.gc(&keep(last)).await.unwrap().removed;
                removed.extend(gone.into_iter().map(|gone| gone.version));
                let after = versions(&registry).await;
                let needed = named(&registry, last).await;
                for version in before {
                    let there = after.contains(&version);
                    assert_eq!(there, needed.contains(&version), "{version}, keep {last}");
                }
            }
        }
        // What is served can always be loaded.
        for version in named(&registry, 1).await {
            let entry = registry.file("search", &version, "entry.js", Encoding::Identity).await;
            assert!(entry.unwrap().is_some(), "{version} is named and not there");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_changes_loses_a_version_that_is_needed(
        steps in proptest::collection::vec(step(), 1..40),
    ) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run(steps));
    }
}
