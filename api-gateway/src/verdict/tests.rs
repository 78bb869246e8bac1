//! The promises of the test, by simulation with a fixed seed.

use super::{Policy, judge};
use crate::outcomes::Tally;

/// SplitMix64 (Steele, Lea, Flood 2014): enough for a simulation, the same numbers on every machine.
struct Random(u64);

impl Random {
    /// Tells whether something of this chance happens.
    fn happens(&mut self, chance: f64) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64 <= chance
    }
}

const BEFORE: Tally = Tally { sessions: 2_000, failed: 10 };

/// Returns after how many sessions a version that fails at `rate` is taken back.
fn until_rollback(random: &mut Random, rate: f64, sessions: u64) -> Option<u64> {
    let mut new = Tally::default();
    (1..=sessions).find(|_| {
        new.sessions += 1;
        new.failed += u64::from(random.happens(rate));
        judge(&Policy::default(), new, BEFORE).is_some()
    })
}

#[test]
fn a_healthy_release_is_taken_back_less_than_once_in_a_thousand() {
    let mut random = Random(1);
    let alarms =
        (0..20_000).filter(|_| until_rollback(&mut random, 0.005, 1_000).is_some()).count();
    assert!(alarms < 20, "{alarms} of 20,000");
    // Twice the rate of the version before is no reason either.
    let alarms = (0..5_000).filter(|_| until_rollback(&mut random, 0.01, 1_000).is_some()).count();
    assert!(alarms < 5, "{alarms} of 5,000");
}

#[test]
fn a_release_that_fails_for_a_fifth_is_taken_back_within_a_hundred_sessions() {
    let mut random = Random(2);
    let late = (0..20_000).filter(|_| until_rollback(&mut random, 0.2, 100).is_none()).count();
    assert!(late < 20, "{late} of 20,000");
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
