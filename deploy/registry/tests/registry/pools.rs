//! How traffic is divided is decided one after the other, and nobody overwrites anybody.

use std::collections::BTreeMap;

use registry::{PoolsRevision, RegistryError, SwitchRequest};

use crate::empty;

fn switch(pool: &str, weight: u8) -> SwitchRequest {
    let (domain, pool, who) = ("alpha".to_owned(), pool.to_owned(), "tester".to_owned());
    SwitchRequest { domain, pool, weight, who, ..SwitchRequest::default() }
}

fn shares(revision: &PoolsRevision) -> Vec<(&str, u8)> {
    revision.domains["alpha"].iter().map(|(pool, share)| (pool.as_str(), *share)).collect()
}

#[tokio::test]
async fn a_switch_is_a_revision_and_other_domains_keep_theirs() {
    let (_dir, registry) = empty().await;
    assert_eq!(
        (registry.pools().await.unwrap(), registry.pools_revision().await.unwrap()),
        (None, 0)
    );
    let first = registry.switch(&switch("green", 10), None).await.unwrap();
    assert_eq!((first.revision, shares(&first)), (1, vec![("green", 10)]));
    assert_eq!((&*first.who, first.changed_at.len()), ("tester", 20));
    let beta = SwitchRequest { domain: "beta".to_owned(), ..switch("red", 5) };
    registry.switch(&beta, None).await.unwrap();
    let last = registry.switch(&switch("blue", 95), Some(2)).await.unwrap();
    assert_eq!((last.revision, shares(&last)), (3, vec![("blue", 95), ("green", 5)]));
    assert_eq!(last.domains["beta"], BTreeMap::from([("red".to_owned(), 5)]));
    assert_eq!(registry.pools().await.unwrap(), Some(last));
    assert_eq!(registry.current_revision().await.unwrap(), 0, "the manifest has its own numbers");
}

#[tokio::test]
async fn who_was_late_is_told_and_bad_requests_are_refused() {
    let (_dir, registry) = empty().await;
    registry.switch(&switch("green", 10), Some(0)).await.unwrap();
    let late = registry.switch(&switch("green", 20), Some(0)).await.unwrap_err();
    assert!(matches!(late, RegistryError::Conflict { expected: 0, actual: 1 }), "{late}");
    for (request, field) in [
        (switch("green", 101), "weight"),
        (switch("Green", 1), "pool"),
        (SwitchRequest { domain: "../x".to_owned(), ..switch("green", 1) }, "domain"),
        (SwitchRequest { reason: "x".repeat(1001), ..switch("green", 1) }, "reason"),
    ] {
        let error = registry.switch(&request, None).await.unwrap_err();
        assert!(
            matches!(error, RegistryError::InvalidRequest { field: f, .. } if f == field),
            "{error}"
        );
    }
    assert_eq!(registry.pools_revision().await.unwrap(), 1);
}

#[tokio::test]
async fn switches_at_the_same_time_all_count() {
    let (_dir, registry) = empty().await;
    let domains: Vec<String> = (0..20).map(|n| format!("domain-{n}")).collect();
    let switches = domains.iter().map(|domain| {
        let request = SwitchRequest { domain: domain.clone(), ..switch("green", 50) };
        let registry = registry.clone();
        tokio::spawn(async move { registry.switch(&request, None).await.unwrap().revision })
    });
    let mut revisions: Vec<u64> = Vec::new();
    for switched in switches.collect::<Vec<_>>() {
        revisions.push(switched.await.unwrap());
    }
    revisions.sort_unstable();
    assert_eq!(revisions, (1..=20).collect::<Vec<_>>());
    let last = registry.pools().await.unwrap().unwrap();
    assert_eq!(last.domains.len(), 20);
}
