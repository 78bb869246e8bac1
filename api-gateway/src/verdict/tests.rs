//! The promises of the test, by simulation with a fixed seed.

#[path = "../../examples/rollback_statistics/simulation.rs"]
mod simulation;

use super::{Policy, Tally, judge};
use simulation::{BAD, HEALTHY, RELEASES, Random};

const BEFORE: Tally = Tally { sessions: 2_000, failed: 10 };

#[test]
fn a_healthy_release_is_taken_back_less_than_once_in_a_thousand() {
    for (seed, kind) in (1..).zip(HEALTHY) {
        let alarms = kind.alarms(seed);
        assert!(alarms * 1_000 < RELEASES, "{alarms} of {RELEASES}: {kind:?}");
    }
}

#[test]
fn a_release_that_fails_for_a_fifth_is_taken_back_within_a_hundred_sessions() {
    for (seed, kind) in (1..).zip(BAD) {
        let delays = kind.delays(seed);
        assert_eq!(delays.len(), RELEASES, "each is taken back: {kind:?}");
        let late = delays.iter().filter(|sessions| **sessions > 100).count();
        assert!(kind.now < 0.2 || late * 1_000 < RELEASES, "{late} of {RELEASES}: {kind:?}");
    }
}

#[test]
fn asking_at_failures_only_finds_what_asking_always_finds() {
    let policy = Policy::default();
    for rate in [0.05, 0.1, 0.2, 0.6] {
        for seed in 0..200 {
            let mut random = Random(seed);
            let mut fails: Vec<u64> = Vec::new();
            while fails.last().is_none_or(|last| *last < 400) {
                fails.push(fails.last().unwrap_or(&0) + random.next_failure(rate));
            }
            let failed = |at: u64| fails.iter().filter(|fail| **fail <= at).count() as u64;
            let always = (1..=400).find(|at| {
                let new = Tally { sessions: *at, failed: failed(*at) };
                judge(&policy, new, BEFORE).is_some()
            });
            let found = Random(seed).until_rollback(rate, BEFORE, 400);
            assert_eq!(found.filter(|at| *at <= 400), always, "{rate} {seed}");
        }
    }
}

#[test]
fn the_floor_and_the_version_before_count() {
    let policy = Policy::default();
    let tally = |sessions, failed| Tally { sessions, failed };
    let healthy = tally(1_000, 5);
    assert!(judge(&policy, tally(19, 19), healthy).is_none(), "too few sessions");
    assert!(judge(&policy, tally(20, 20), healthy).is_some());
    assert!(judge(&policy, tally(1_000, 50), healthy).is_none(), "5 % is not more than 5 %");
    assert!(judge(&policy, tally(1_000, 80), healthy).is_some());
    // The service behind both is down: going back would not help.
    assert!(judge(&policy, tally(100, 60), tally(100, 60)).is_none());
    assert!(
        judge(&policy, tally(40, 10), tally(0, 0)).is_some(),
        "nothing is known of the one before"
    );
}

#[test]
fn the_evidence_is_in_numbers() {
    let evidence = judge(&Policy::default(), Tally { sessions: 30, failed: 9 }, BEFORE).unwrap();
    let text = evidence.text("1.2.0", "1.1.0");
    for part in
        ["1.2.0 failed in 9 of 30 sessions (30.0 %)", "1.1.0 before it in 10 of 2000 (0.5 %)"]
    {
        assert!(text.contains(part), "{text}");
    }
}
