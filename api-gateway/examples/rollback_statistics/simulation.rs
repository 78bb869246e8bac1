//! Releases that never were: how automatic rollback judges them. Shared by the example, which prints, and
//! the tests of `verdict`, which insist.

use super::{Policy, Tally, judge};

/// Releases in a row of the tables.
pub(crate) const RELEASES: usize = 100_000;
/// Sessions that a release which is not taken back has in its first hour.
const SESSIONS: u64 = 5_000;

/// `SplitMix64` (Steele, Lea, Flood 2014): enough for a simulation, the same numbers on every machine.
pub(crate) struct Random(pub(crate) u64);

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
    pub(crate) fn next_failure(&mut self, rate: f64) -> u64 {
        (self.uniform().ln() / (1.0 - rate).ln()).floor() as u64 + 1
    }

    /// Returns how a version fared that fails at `rate`.
    pub(crate) fn tally(&mut self, rate: f64, sessions: u64) -> Tally {
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
    pub(crate) fn until_rollback(
        &mut self,
        rate: f64,
        before: Tally,
        sessions: u64,
    ) -> Option<u64> {
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

/// Releases of one kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// Chance of a session to see the version before fail.
    pub(crate) before: f64,
    /// Sessions of the version before in the window; how many of them failed is drawn for each release.
    pub(crate) seen: u64,
    /// Chance of a session to see the released version fail.
    pub(crate) now: f64,
}

const fn kind(before: f64, seen: u64, now: f64) -> Kind {
    Kind { before, seen, now }
}

/// Releases that are healthy: as good as the version before, however much or little is known of it, also on a
/// site that was never better than this; and one that doubled a small rate.
pub(crate) const HEALTHY: [Kind; 8] = [
    kind(0.005, 0, 0.005),
    kind(0.005, 20, 0.005),
    kind(0.005, 200, 0.005),
    kind(0.005, 5_000, 0.005),
    kind(0.005, 2_000, 0.01),
    kind(0.01, 2_000, 0.01),
    kind(0.02, 2_000, 0.02),
    kind(0.03, 2_000, 0.03),
];

/// Releases that are bad.
pub(crate) const BAD: [Kind; 4] = [
    kind(0.005, 2_000, 0.1),
    kind(0.005, 2_000, 0.2),
    kind(0.005, 2_000, 0.5),
    kind(0.005, 2_000, 1.0 - 1e-9),
];

impl Kind {
    /// Returns how many releases of this kind are taken back.
    pub(crate) fn alarms(self, seed: u64) -> usize {
        let Self { before, seen, now } = self;
        let mut random = Random(seed);
        let mut taken_back = || {
            let before = random.tally(before, seen);
            random.until_rollback(now, before, SESSIONS).is_some()
        };
        (0..RELEASES).filter(|_| taken_back()).count()
    }

    /// Returns after how many sessions each release of this kind is taken back, sorted. None ever stays.
    pub(crate) fn delays(self, seed: u64) -> Vec<u64> {
        let Self { before, seen, now } = self;
        let mut random = Random(seed);
        let delay = |_| {
            let before = random.tally(before, seen);
            random.until_rollback(now, before, u64::MAX / 2)
        };
        let mut delays: Vec<u64> = (0..RELEASES).filter_map(delay).collect();
        delays.sort_unstable();
        delays
    }
}
