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

#[tokio::test]
async fn what_was_taken_back_is_listed_until_it_is_released_again() {
    let (_dir, registry) = published(&["0.1.0", "0.2.0", "0.3.0"]).await;
    let withdrawn = |revision: &Revision| revision.manifest.remotes["search"].withdrawn.clone();
    live(&registry, &["0.1.0", "0.2.0"]).await;
    assert_eq!(withdrawn(&back(&registry, None).await), ["0.2.0"]);
    let trial = ReleaseRequest { percent: Some(10), ..release("0.3.0") };
    let on_trial = registry.release(&trial, None).await.unwrap();
    assert_eq!(withdrawn(&on_trial), ["0.2.0"]);
    assert_eq!(withdrawn(&back(&registry, None).await), ["0.3.0", "0.2.0"], "the newest first");
    let again = registry.release(&release("0.2.0"), None).await.unwrap();
    assert_eq!(withdrawn(&again), ["0.3.0"]);
    let to = back(&registry, Some("0.3.0")).await;
    assert_eq!(withdrawn(&to), ["0.2.0"], "what is gone back to is good again");
}

#[tokio::test]
async fn a_manifest_names_the_last_twenty_that_were_taken_back() {
    let versions: Vec<String> = (0..25).map(|n| format!("1.{n}.0")).collect();
    let names: Vec<&str> = versions.iter().map(String::as_str).collect();
    let (_dir, registry) = published(&names).await;
    live(&registry, &["1.0.0"]).await;
    for version in names.iter().skip(1) {
        live(&registry, &[version]).await;
        back(&registry, None).await;
    }
    let manifest = registry.manifest().await.unwrap();
    let withdrawn = &manifest.remotes["search"].withdrawn;
    assert_eq!(
        (withdrawn.len(), withdrawn[0].as_str(), withdrawn[19].as_str()),
        (20, "1.24.0", "1.5.0")
    );
}

#[tokio::test]
async fn any_earlier_version_can_be_gone_back_to_and_the_history_says_who_when_why_and_what() {
    let (_dir, registry) = published(&["0.1.0", "0.2.0", "0.3.0", "0.4.0"]).await;
    live(&registry, &["0.1.0", "0.2.0", "0.3.0", "0.4.0"]).await;
    back(&registry, Some("0.2.0")).await;
    let [newest] = &registry.revisions(None, 1).await.unwrap()[..] else { panic!("one") };
    let said = (newest.who.as_str(), newest.reason.as_str(), newest.action, newest.from.as_deref());
    assert_eq!(said, ("tester", "it broke", Action::Rollback, Some("0.4.0")));
    assert_eq!((newest.to.as_str(), newest.withdrawn.as_deref()), ("0.2.0", Some("0.4.0")));
    assert!(newest.released_at.starts_with("20"), "{}", newest.released_at);
}
