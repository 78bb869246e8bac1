//! Releases make gapless revisions, and nobody overwrites anybody.

use std::fs;

use registry::{Action, Registry, RegistryError, ReleaseRequest};

use crate::{bundle_of, descriptor, empty, files, published, release};

#[tokio::test]
async fn a_release_is_live_with_the_one_before_as_previous() {
    let (_dir, registry) = published(&["0.1.0", "0.2.0"]).await;
    let first = registry.release(&release("0.1.0"), None).await.unwrap();
    assert_eq!((first.revision, first.from, first.to.as_str()), (1, None, "0.1.0"));
    let second = registry.release(&release("0.2.0"), None).await.unwrap();
    assert_eq!(second.from.as_deref(), Some("0.1.0"));
    assert_eq!((second.who.as_str(), second.action), ("tester", Action::Release));

    let manifest = registry.manifest().await.unwrap();
    assert_eq!((manifest.revision, &manifest), (2, &second.manifest));
    let search = &manifest.remotes["search"];
    assert_eq!(search.active.base, "/remotes/search/0.2.0/");
    assert_eq!(search.previous.as_ref().unwrap().version, "0.1.0");
    let live: Vec<_> = registry.versions("search").await.unwrap();
    assert_eq!(live.iter().map(|v| v.live).collect::<Vec<_>>(), [true, false]);
    let history = registry.revisions(None, 10).await.unwrap();
    assert_eq!(history.iter().map(|r| r.revision).collect::<Vec<_>>(), [2, 1]);
    let older = registry.revisions(Some(2), 10).await.unwrap();
    assert_eq!(older.iter().map(|r| r.revision).collect::<Vec<_>>(), [1]);
    assert_eq!(registry.revision(3).await.unwrap(), None);
}

#[tokio::test]
async fn a_canary_goes_to_a_share_until_it_is_released_to_everybody() {
    let (_dir, registry) = published(&["0.1.0", "0.2.0"]).await;
    let trial = |percent| ReleaseRequest { percent: Some(percent), ..release("0.2.0") };
    let early = registry.release(&trial(10), None).await;
    assert!(matches!(early, Err(RegistryError::NotReleased(_))), "{early:?}");
    registry.release(&release("0.1.0"), None).await.unwrap();
    for percent in [0, 100] {
        let error = registry.release(&trial(percent), None).await.unwrap_err();
        assert!(matches!(error, RegistryError::InvalidRequest { field: "percent", .. }));
    }
    let on_trial = registry.release(&trial(10), None).await.unwrap();
    let search = &on_trial.manifest.remotes["search"];
    assert_eq!((search.active.version.as_str(), on_trial.percent), ("0.1.0", Some(10)));
    assert_eq!(search.canary.as_ref().unwrap().release.version, "0.2.0");
    let again = registry.release(&trial(10), None).await;
    assert!(matches!(again, Err(RegistryError::AlreadyLive { .. })), "{again:?}");

    registry.release(&trial(50), None).await.unwrap();
    let all = registry.release(&release("0.2.0"), None).await.unwrap();
    let search = &all.manifest.remotes["search"];
    assert_eq!((search.active.version.as_str(), &search.canary), ("0.2.0", &None));
    assert_eq!(search.previous.as_ref().unwrap().version, "0.1.0");
}

#[tokio::test]
async fn what_cannot_go_live_is_refused() {
    let (_dir, registry) = published(&["0.1.0"]).await;
    let unknown = registry.release(&release("9.0.0"), None).await;
    assert!(matches!(unknown, Err(RegistryError::NotPublished { .. })), "{unknown:?}");
    let bad = registry.release(&release("latest"), None).await;
    assert!(matches!(bad, Err(RegistryError::InvalidRequest { field: "version", .. })), "{bad:?}");
    registry.release(&release("0.1.0"), None).await.unwrap();
    let again = registry.release(&release("0.1.0"), None).await.unwrap_err();
    assert_eq!(again.to_string(), "search 0.1.0 is already live: nothing to do");
    assert_eq!(registry.current_revision().await.unwrap(), 1);
}

#[tokio::test]
async fn a_contract_that_does_not_fit_says_which_side_must_move() {
    let (_dir, registry) = empty().await;
    for (version, contract, says) in
        [("2.0.0", "^99.0", "update the host first"), ("1.0.0", "^0.9", "rebuild the remote")]
    {
        let files = files(version);
        let mut descriptor = descriptor(version, &files);
        descriptor.contract = contract.to_owned();
        let error = registry.publish(&bundle_of(&descriptor, files)).await.unwrap_err();
        assert!(matches!(error, RegistryError::Incompatible { .. }), "{error:?}");
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[tokio::test]
async fn an_expected_revision_that_passed_is_a_conflict() {
    let (_dir, registry) = published(&["0.1.0", "0.2.0", "0.3.0"]).await;
    registry.release(&release("0.1.0"), Some(0)).await.unwrap();
    let late = registry.release(&release("0.2.0"), Some(0)).await;
    assert!(matches!(late, Err(RegistryError::Conflict { expected: 0, actual: 1 })), "{late:?}");

    let (two, three) = (release("0.2.0"), release("0.3.0"));
    let (a, b) = tokio::join!(registry.release(&two, Some(1)), registry.release(&three, Some(1)));
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
    assert_eq!(registry.current_revision().await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_concurrent_releases_lose_none_and_skip_none() {
    let versions: Vec<String> = (0..50).map(|n| format!("1.{n}.0")).collect();
    let names: Vec<&str> = versions.iter().map(String::as_str).collect();
    let (dir, _) = published(&names).await;
    // Each has its own handle, as separate processes would.
    let tasks = versions.iter().map(|version| {
        let registry = Registry::open(dir.path().to_str().unwrap()).unwrap();
        let request = release(version);
        tokio::spawn(async move { registry.release(&request, None).await.unwrap().revision })
    });
    let mut given = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        given.push(task.await.unwrap());
    }
    given.sort_unstable();
    assert_eq!(given, (1..=50).collect::<Vec<u64>>());

    let registry = Registry::open(dir.path().to_str().unwrap()).unwrap();
    let mut history = registry.revisions(None, 100).await.unwrap();
    history.reverse();
    assert_eq!(history.len(), 50);
    for pair in history.windows(2) {
        assert_eq!(pair[1].from.as_deref(), Some(pair[0].to.as_str()), "each stands on the last");
    }
    let mut released: Vec<_> = history.into_iter().map(|revision| revision.to).collect();
    released.sort();
    let mut expected = versions;
    expected.sort();
    assert_eq!(released, expected);
}

#[tokio::test]
async fn a_stale_lost_or_damaged_hint_loses_no_revision() {
    let (dir, registry) = published(&["0.1.0", "0.2.0", "0.3.0"]).await;
    for version in ["0.1.0", "0.2.0"] {
        registry.release(&release(version), None).await.unwrap();
    }
    let hint = dir.path().join("manifest/current");
    fs::write(&hint, "1").unwrap();
    assert_eq!(registry.manifest().await.unwrap().revision, 2);
    fs::write(&hint, "garbage").unwrap();
    assert_eq!(registry.manifest().await.unwrap().revision, 2);
    fs::remove_file(&hint).unwrap();
    assert_eq!(registry.release(&release("0.3.0"), None).await.unwrap().revision, 3);
    fs::write(&hint, "7").unwrap();
    let error = registry.manifest().await.unwrap_err();
    assert!(matches!(error, RegistryError::Corrupt { .. }), "{error:?}");
}
