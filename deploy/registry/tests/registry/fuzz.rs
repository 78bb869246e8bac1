//! Documents of any content: never a panic, and nothing that breaks a rule is taken.

use std::sync::Arc;

use contract::{ANY_NAME, Descriptor, valid_name};
use object_store::{ObjectStore, ObjectStoreExt, memory::InMemory};
use proptest::prelude::*;
use registry::Registry;

use crate::{KEY, bundle, descriptor, files, signed};

async fn publish(bytes: Vec<u8>) -> Option<Descriptor> {
    let registry = Registry::over(Arc::new(InMemory::new()));
    registry.trust(&KEY.trusted(vec![ANY_NAME.to_owned()])).await.unwrap();
    registry.publish(&signed(bytes, files("0.1.0"), &KEY)).await.ok()
}

async fn manifest(bytes: Vec<u8>) {
    let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let registry = Registry::over(Arc::clone(&store));
    store.put(&"manifest/1.json".into(), bytes.into()).await.unwrap();
    if let Ok(manifest) = registry.manifest().await {
        assert_eq!(serde_json::to_value(&manifest).unwrap()["schema"], manifest.schema);
    }
    drop(registry.revisions(None, 10).await);
    drop(registry.remotes().await);
}

fn block<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn check(published: Option<Descriptor>) {
    let Some(Descriptor { name, version, files, entry, .. }) = published else { return };
    assert!(valid_name(&name), "{name}");
    assert!(semver::Version::parse(&version).is_ok(), "{version}");
    assert!(files.contains_key(&entry), "{entry}");
    for name in files.keys() {
        assert!(!name.split('/').any(|part| matches!(part, "" | "." | "..")), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_no_descriptor_and_no_manifest(
        bytes in proptest::collection::vec(any::<u8>(), 0..500),
    ) {
        check(block(publish(bytes.clone())));
        block(manifest(bytes));
    }

    #[test]
    fn a_damaged_descriptor_never_breaks_a_rule(
        at in any::<prop::sample::Index>(), with in "[ -~]{0,6}", cut in 0_usize..6,
    ) {
        let mut text = serde_json::to_string(&descriptor("0.1.0", &files("0.1.0"))).unwrap();
        let at = at.index(text.len());
        let end = (at + cut).min(text.len());
        text.replace_range(at..end, &with);
        check(block(publish(text.into_bytes())));
    }

    #[test]
    fn a_damaged_manifest_is_an_error(
        at in any::<prop::sample::Index>(), with in "[ -~]{0,6}", cut in 0_usize..6,
    ) {
        let mut text = revision();
        let at = at.index(text.len());
        let end = (at + cut).min(text.len());
        text.replace_range(at..end, &with);
        block(manifest(text.into_bytes()));
    }
}

/// A revision as the registry writes it.
fn revision() -> String {
    static TEXT: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
        block(async {
            let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
            let registry = Registry::over(Arc::clone(&store));
            registry.trust(&KEY.trusted(vec![ANY_NAME.to_owned()])).await.unwrap();
            registry.publish(&bundle("0.1.0")).await.unwrap();
            registry.release(&crate::release("0.1.0"), None).await.unwrap();
            let stored = store.get(&"manifest/1.json".into()).await.unwrap();
            String::from_utf8(stored.bytes().await.unwrap().to_vec()).unwrap()
        })
    });
    TEXT.clone()
}
