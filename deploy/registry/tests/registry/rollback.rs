//! Rollbacks go back and stay back.

use registry::{Action, Registry, RegistryError, ReleaseRequest, Revision};

use crate::{published, release, rollback};

async fn live(registry: &Registry, versions: &[&str]) {
    for version in versions {
        registry.release(&release(version), None).await.unwrap();
    }
}

async fn back(registry: &Registry, to: Option<&str>) -> Revision {
    registry.rollback(&rollback(to), None).await.unwrap()
}

/// Active and previous version.
fn state(revision: &Revision) -> (&str, Option<&str>) {
    let state = &revision.manifest.remotes["search"];
    (&state.active.version, state.previous.as_ref().map(|release| release.version.as_str()))
}

#[tokio::test]
async fn a_chain_of_rollbacks_ends_at_the_first_version() {
    let (_dir, registry) = published(&["0.1.0", "0.2.0", "0.3.0"]).await;
    live(&registry, &["0.1.0", "0.2.0", "0.3.0"]).await;
    let first = back(&registry, None).await;
    assert_eq!(state(&first), ("0.2.0", Some("0.1.0")));
    assert_eq!((first.withdrawn.as_deref(), first.action), (Some("0.3.0"), Action::Rollback));
    assert_eq!(state(&back(&registry, None).await), ("0.1.0", None));
    let end = registry.rollback(&rollback(None), None).await;
    assert!(matches!(end, Err(RegistryError::NothingToRollBack(_))), "{end:?}");
}

#[tokio::test]
async fn a_withdrawn_version_never_becomes_previous_again() {
    let (_dir, registry) = published(&["0.1.0", "0.2.0", "0.3.0"]).await;
    live(&registry, &["0.1.0", "0.2.0"]).await;
    back(&registry, None).await;
    live(&registry, &["0.3.0"]).await;
    let again = back(&registry, None).await;
    assert_eq!(state(&again), ("0.1.0", None), "0.2.0 and 0.3.0 are withdrawn");
}

#[tokio::test]
async fn a_withdrawn_version_that_is_released_again_counts_again() {
    let (_dir, registry) = published(&["0.1.0", "0.2.0", "0.3.0"]).await;
    live(&registry, &["0.1.0", "0.2.0"]).await;
    back(&registry, None).await;
    live(&registry, &["0.2.0", "0.1.0", "0.3.0"]).await;
    assert_eq!(state(&back(&registry, None).await), ("0.1.0", Some("0.2.0")));
}

#[tokio::test]
async fn a_named_version_is_gone_back_to() {
    let (_dir, registry) = published(&["0.1.0", "0.2.0", "0.3.0", "0.4.0"]).await;
    live(&registry, &["0.1.0", "0.2.0", "0.3.0"]).await;
    assert_eq!(state(&back(&registry, Some("0.1.0")).await), ("0.1.0", None));
    let never_live = back(&registry, Some("0.4.0")).await;
    assert_eq!(state(&never_live), ("0.4.0", Some("0.2.0")), "0.1.0 and 0.3.0 are withdrawn");

    let same = registry.rollback(&rollback(Some("0.4.0")), None).await;
    assert!(matches!(same, Err(RegistryError::AlreadyLive { .. })), "{same:?}");
    let unknown = registry.rollback(&rollback(Some("9.9.9")), None).await;
    assert!(matches!(unknown, Err(RegistryError::NotPublished { .. })), "{unknown:?}");
}

#[tokio::test]
async fn a_rollback_during_a_trial_ends_the_trial() {
    let (_dir, registry) = published(&["0.1.0", "0.2.0", "0.3.0"]).await;
    live(&registry, &["0.1.0", "0.2.0"]).await;
    let trial = ReleaseRequest { percent: Some(10), ..release("0.3.0") };
    registry.release(&trial, None).await.unwrap();
    let ended = back(&registry, None).await;
    assert_eq!(state(&ended), ("0.2.0", Some("0.1.0")));
    assert_eq!(ended.withdrawn.as_deref(), Some("0.3.0"));
    assert_eq!(ended.manifest.remotes["search"].canary, None);
    assert_eq!(state(&back(&registry, None).await), ("0.1.0", None));
}

#[tokio::test]
async fn other_remotes_and_late_callers_are_left_alone() {
    let (_dir, registry) = published(&["0.1.0", "0.2.0"]).await;
    let none = registry.rollback(&rollback(None), None).await;
    assert!(matches!(none, Err(RegistryError::NotReleased(_))), "{none:?}");
    live(&registry, &["0.1.0", "0.2.0"]).await;
    let late = registry.rollback(&rollback(None), Some(1)).await;
    assert!(matches!(late, Err(RegistryError::Conflict { expected: 1, actual: 2 })), "{late:?}");
}
