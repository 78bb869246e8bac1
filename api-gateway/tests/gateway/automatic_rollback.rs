//! A version that fails for many sessions is taken back, by several gateways once, and by no single client.

use std::fs;

use api_gateway::Config;
use registry::{ReleaseRequest, RollbackRequest};
use serde_json::json;

use crate::Site;

async fn active(site: &Site) -> String {
    let manifest = site.registry().manifest().await.unwrap();
    manifest.remotes["alpha"].active.version.clone()
}

#[tokio::test]
async fn a_version_that_fails_for_many_is_taken_back_with_the_numbers() {
    let site = Site::two_versions().await;
    for n in 0..20 {
        let cookies = site.visitor().await;
        assert_eq!(active(&site).await, "0.2.0", "after {n} sessions");
        let kind = if n % 2 == 0 { "failed" } else { "mounted" };
        assert_eq!(site.report(&cookies, "0.2.0", kind).await.status, 204);
    }
    assert_eq!(active(&site).await, "0.1.0");
    let last = site.registry().revisions(None, 1).await.unwrap().remove(0);
    assert_eq!((&*last.who, last.withdrawn.as_deref()), ("automatic rollback", Some("0.2.0")));
    assert!(last.reason.contains("failed in 10 of 20 sessions"), "{}", last.reason);
    let manifest = site.get("/manifest.json", &[]).await.json();
    assert_eq!(manifest["remotes"]["alpha"]["withdrawn"], json!(["0.2.0"]), "served at once");
}

#[tokio::test]
async fn a_single_client_takes_nothing_back() {
    let site = Site::two_versions().await;
    let cookies = site.visitor().await;
    let mut limited = 0;
    for _ in 0..200 {
        limited += usize::from(site.report(&cookies, "0.2.0", "failed").await.status == 429);
        assert_eq!(site.report("", "0.2.0", "failed").await.problem().1, "no-session");
        let forged = "asterism_session=00000000000000000000000000000000.1.1.00";
        assert_eq!(site.report(forged, "0.2.0", "failed").await.problem().1, "no-session");
    }
    assert!(limited > 100, "{limited}");
    assert_eq!(active(&site).await, "0.2.0");
    let outcomes = site.get("/registry/v1/outcomes", &[]).await.json();
    assert_eq!((&outcomes[0]["sessions"], &outcomes[0]["failed_sessions"]), (&json!(1), &json!(1)));
    let unknown = site.report(&site.visitor().await, "9.9.9", "failed").await;
    assert_eq!(unknown.status, 204, "ignored, since nobody gets it");
}

#[tokio::test]
async fn two_gateways_roll_back_once() {
    let site = Site::two_versions().await;
    let other = site.sibling().await;
    for _ in 0..19 {
        for gateway in [&site, &other] {
            gateway.report(&gateway.visitor().await, "0.2.0", "failed").await;
        }
    }
    let (one, two) = (site.visitor().await, other.visitor().await);
    let both = [site.report(&one, "0.2.0", "failed"), other.report(&two, "0.2.0", "failed")];
    futures_util::future::join_all(both).await;
    let history = site.registry().revisions(None, 10).await.unwrap();
    let back: Vec<_> = history.iter().filter(|r| r.who == "automatic rollback").collect();
    assert_eq!(back.len(), 1, "{history:?}");
    assert_eq!(active(&site).await, "0.1.0");
}

/// Lets `sessions` new ones tell of a failure.
async fn fail(site: &Site, version: &str, sessions: usize) {
    for _ in 0..sessions {
        assert_eq!(site.report(&site.visitor().await, version, "failed").await.status, 204);
    }
}

async fn by_itself(site: &Site) -> usize {
    let history = site.registry().revisions(None, 100).await.unwrap();
    history.iter().filter(|revision| revision.who == "automatic rollback").count()
}

#[tokio::test]
async fn a_bad_trial_ends_and_the_active_version_stays() {
    let site = Site::released().await;
    site.publish("0.2.0").await;
    let (remote, version) = ("alpha".to_owned(), "0.2.0".to_owned());
    let trial = ReleaseRequest { remote, version, percent: Some(10), ..Default::default() };
    site.registry().release(&trial, None).await.unwrap();
    site.state.refresh().await;
    fail(&site, "0.2.0", 20).await;
    let manifest = site.registry().manifest().await.unwrap();
    let alpha = &manifest.remotes["alpha"];
    assert_eq!((&*alpha.active.version, alpha.canary.is_none()), ("0.1.0", true));
    assert_eq!(alpha.withdrawn, ["0.2.0"]);
}

#[tokio::test]
async fn an_outage_of_what_all_stand_on_does_not_walk_through_the_history() {
    let site = Site::two_versions().await;
    site.publish("0.3.0").await;
    site.release("0.3.0").await;
    // The two before are of another day.
    for revision in [1, 2] {
        long_ago(&site, revision);
    }
    site.state.refresh().await;
    fail(&site, "0.3.0", 20).await;
    assert_eq!((&*active(&site).await, by_itself(&site).await), ("0.2.0", 1));
    fail(&site, "0.2.0", 60).await;
    assert_eq!((&*active(&site).await, by_itself(&site).await), ("0.2.0", 1));
}

fn long_ago(site: &Site, revision: u64) {
    let file = site.dir.path().join(format!("registry/manifest/{revision}.json"));
    let mut document: serde_json::Value =
        serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    document["released_at"] = json!("2020-01-01T00:00:00Z");
    fs::write(&file, document.to_string()).unwrap();
}

#[tokio::test]
async fn what_was_released_long_ago_is_for_people_to_judge() {
    let site = Site::two_versions().await;
    long_ago(&site, 2);
    fail(&site, "0.2.0", 60).await;
    assert_eq!((&*active(&site).await, by_itself(&site).await), ("0.2.0", 0));
}

#[tokio::test]
async fn a_site_can_do_without() {
    let change = |config| Config { auto_rollback: false, ..config };
    let site = Site::configured("", change).await.with_a_release().await;
    site.publish("0.2.0").await;
    site.release("0.2.0").await;
    site.state.refresh().await;
    fail(&site, "0.2.0", 60).await;
    assert_eq!((&*active(&site).await, by_itself(&site).await), ("0.2.0", 0));
    let outcomes = site.get("/registry/v1/outcomes", &[]).await.json();
    assert_eq!(outcomes[0]["failed_sessions"], 60, "it is counted all the same");
}

#[tokio::test]
async fn a_first_version_has_nothing_to_go_back_to() {
    let site = Site::released().await;
    fail(&site, "0.1.0", 60).await;
    assert_eq!((&*active(&site).await, by_itself(&site).await), ("0.1.0", 0));
}

#[tokio::test]
async fn a_failure_of_the_version_before_too_is_no_reason() {
    let site = Site::two_versions().await;
    fail(&site, "0.1.0", 60).await;
    fail(&site, "0.2.0", 60).await;
    assert_eq!((&*active(&site).await, by_itself(&site).await), ("0.2.0", 0));
}

#[tokio::test]
async fn somebody_else_changing_something_meanwhile_does_not_save_a_bad_version() {
    let site = Site::two_versions().await;
    fail(&site, "0.2.0", 19).await;
    // This gateway has not read it yet when it decides: its attempt is a conflict, and it looks again.
    site.publish("0.3.0").await;
    let (remote, version) = ("alpha".to_owned(), "0.3.0".to_owned());
    let trial = ReleaseRequest { remote, version, percent: Some(1), ..Default::default() };
    site.registry().release(&trial, None).await.unwrap();
    fail(&site, "0.2.0", 1).await;
    assert_eq!((&*active(&site).await, by_itself(&site).await), ("0.1.0", 1));
}

#[tokio::test]
async fn who_took_it_back_by_hand_is_not_overruled() {
    let site = Site::two_versions().await;
    fail(&site, "0.2.0", 19).await;
    let remote = "alpha".to_owned();
    let back =
        RollbackRequest { remote, reason: "a person was faster".to_owned(), ..Default::default() };
    site.registry().rollback(&back, None).await.unwrap();
    fail(&site, "0.2.0", 1).await;
    assert_eq!((&*active(&site).await, by_itself(&site).await), ("0.1.0", 0));
}
