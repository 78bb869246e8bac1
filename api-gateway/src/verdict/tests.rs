//! The promises of the test, by simulation with a fixed seed.

use super::{Policy, judge};
use crate::outcomes::Tally;

/// `SplitMix64` (Steele, Lea, Flood 2014): enough for a simulation, the same numbers on every machine.
struct Random(u64);

impl Random {
    /// Uniform over `(0, 1]`.
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) + 1) as f64 / (1u64 << 53) as f64
    }

    /// Returns how many sessions there are up to and with the next that fails (geometric).
    fn next_failure(&mut self, rate: f64) -> u64 {
        (self.uniform().ln() / (1.0 - rate).ln()).floor() as u64 + 1
    }

    /// Returns how a version fared that fails at `rate`.
    fn tally(&mut self, rate: f64, sessions: u64) -> Tally {
        let mut at = self.next_failure(rate);
        let mut failed = 0;
        while at <= sessions {
            failed += 1;
            at += self.next_failure(rate);
        }
        Tally { sessions, failed }
    }

    /// Returns after how many sessions a version that fails at `rate` is taken back.
    ///
    /// The verdict is asked at each failure, and when the floor's number of sessions is reached: at every other
    /// session the evidence only becomes weaker than it was.
    fn until_rollback(&mut self, rate: f64, before: Tally, sessions: u64) -> Option<u64> {
        let policy = Policy::default();
        let (mut at, mut failed) = (0, 0);
        loop {
            let next = at + self.next_failure(rate);
            let floor = policy.min_sessions;
            let waited = Tally { sessions: floor, failed };
            if at < floor && floor < next && judge(&policy, waited, before).is_some() {
                return Some(floor);
            }
            (at, failed) = (next, failed + 1);
            if at > sessions {
                return None;
            }
            if judge(&policy, Tally { sessions: at, failed }, before).is_some() {
                return Some(at);
            }
        }
    }
}

const BEFORE: Tally = Tally { sessions: 2_000, failed: 10 };

/// Returns how many of `releases` that fail at `rate` are taken back. The version before, which was seen
/// `seen` times in the window, fails at `rate_before`.
fn alarms(seed: u64, releases: u64, rate: f64, rate_before: f64, seen: u64) -> u64 {
    let mut random = Random(seed);
    let mut alarms = 0;
    for _ in 0..releases {
        let before = random.tally(rate_before, seen);
        alarms += u64::from(random.until_rollback(rate, before, 5_000).is_some());
    }
    println!(
        "{:.2} % before ({seen} sessions), {:.2} % now: {alarms} of {releases} releases of 5,000 sessions \
         taken back",
        rate_before * 100.0,
        rate * 100.0,
    );
    alarms
}

#[test]
fn a_healthy_release_is_taken_back_less_than_once_in_a_thousand() {
    // However much or little is known of the version before.
    for (seed, seen) in [(1, 0), (2, 20), (3, 200), (4, 5_000)] {
        let alarms = alarms(seed, 100_000, 0.005, 0.005, seen);
        assert!(alarms < 100, "{alarms} of 100,000 with {seen} sessions before");
    }
    // Also a site that was never better than this, and one whose release doubled a small rate.
    for (seed, rate, before) in
        [(5, 0.01, 0.01), (6, 0.02, 0.02), (7, 0.03, 0.03), (8, 0.01, 0.005)]
    {
        let alarms = alarms(seed, 100_000, rate, before, 2_000);
        assert!(alarms < 100, "{alarms} of 100,000 at {rate}");
    }
}

#[test]
fn a_release_that_fails_for_a_fifth_is_taken_back_within_a_hundred_sessions() {
    const RELEASES: usize = 100_000;
    for (rate, late_at_most) in [(0.2, 0.001), (0.5, 0.0), (1.0 - 1e-9, 0.0)] {
        let mut random = Random(9);
        let mut sessions: Vec<u64> = (0..RELEASES)
            .map(|_| {
                let before = random.tally(0.005, 2_000);
                random.until_rollback(rate, before, u64::MAX / 2).unwrap()
            })
            .collect();
        sessions.sort_unstable();
        let at = |share: f64| sessions[(RELEASES as f64 * share) as usize];
        let late = sessions.iter().filter(|sessions| **sessions > 100).count();
        println!(
            "{:.0} % now: taken back after {} sessions at the median, {} at 99 %, {} at 99.9 %; {late} of \
             {RELEASES} after more than 100",
            rate * 100.0,
            at(0.5),
            at(0.99),
            at(0.999),
        );
        assert!(late as f64 <= RELEASES as f64 * late_at_most, "{late} at {rate}");
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
