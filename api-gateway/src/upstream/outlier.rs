//! When an instance that fails while others do not is left alone for a while. Pure.
//!
//! What counts is consecutive failures, as in Envoy and linkerd2-proxy: no answer, one that breaks off, or a
//! 5xx. At most a share of a pool is ejected, so an instance that is alone never is: whether to ask nobody
//! at all is for the breaker to say.

use std::time::{Duration, Instant};

/// When an instance is ejected, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How many requests in a row must fail. Default 5.
    pub failures: u32,
    /// For how long the first time; each further time twice as long. Default 5 s.
    pub ejection: Duration,
    /// And at most for this long. Default 1 min.
    pub longest: Duration,
    /// The share of a pool that may be ejected at once, in percent. Default 50.
    pub percent: u8,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            failures: 5,
            ejection: Duration::from_secs(5),
            longest: Duration::from_secs(60),
            percent: 50,
        }
    }
}

impl Policy {
    /// Returns how many of `instances` may be ejected at once.
    pub(crate) fn most(&self, instances: usize) -> usize {
        instances * usize::from(self.percent.min(100)) / 100
    }
}

/// What is known of one instance.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outlier {
    /// In a row.
    failures: u32,
    /// The last ejection: its end and its length.
    last: Option<(Instant, Duration)>,
}

impl Outlier {
    pub(crate) fn is_ejected(&self, now: Instant) -> bool {
        self.last.is_some_and(|(until, _)| now < until)
    }

    /// Takes in a request that went well.
    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// Takes in one that failed; returns whether it is time to eject.
    pub(crate) fn failed(&mut self, policy: &Policy) -> bool {
        self.failures = self.failures.saturating_add(1);
        self.failures >= policy.failures
    }

    /// Ejects. Who was well for as long as its last ejection took begins anew.
    pub(crate) fn eject(&mut self, now: Instant, policy: &Policy) {
        let length = match self.last {
            Some((until, length)) if now < until + length => length * 2,
            _ => policy.ejection,
        };
        let length = length.min(policy.longest);
        *self = Self { failures: 0, last: Some((now + length, length)) };
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::{Outlier, Policy};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn only_failures_in_a_row_count() {
        let policy = Policy::default();
        let mut outlier = Outlier::default();
        for _ in 0..10 {
            assert!((0..4).all(|_| !outlier.failed(&policy)));
            outlier.succeeded();
        }
        let times = (1..).find(|_| outlier.failed(&policy));
        assert_eq!(times, Some(5));
    }

    #[test]
    fn ejections_grow_and_are_forgotten() {
        let policy = Policy::default();
        let (mut outlier, mut now) = (Outlier::default(), Instant::now());
        for seconds in [5, 10, 20, 40, 60, 60] {
            outlier.eject(now, &policy);
            assert!(outlier.is_ejected(now + (seconds * SECOND - SECOND)), "{seconds}");
            now += seconds * SECOND;
            assert!(!outlier.is_ejected(now), "{seconds}");
        }
        now += 60 * SECOND;
        outlier.eject(now, &policy);
        assert!(!outlier.is_ejected(now + 5 * SECOND));
    }

    proptest! {
        #[test]
        fn never_longer_than_allowed_and_never_more_than_the_share(
            pauses in prop::collection::vec(0..300u32, 1..30), instances in 1..20usize, percent in 0..=255u8,
        ) {
            let policy = Policy { percent, ..Policy::default() };
            let (mut outlier, mut now) = (Outlier::default(), Instant::now());
            for pause in pauses {
                outlier.eject(now, &policy);
                prop_assert!(outlier.is_ejected(now));
                prop_assert!(!outlier.is_ejected(now + policy.longest));
                now += pause * SECOND;
            }
            let most = Policy { percent: percent.min(100), ..policy }.most(instances);
            prop_assert!(most <= instances && most * 100 <= instances * usize::from(percent));
        }
    }
}
