//! One rate, counted for each key, in bounded memory.

use std::{hash::Hash, time::Duration};

use arc_swap::ArcSwap;
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};

use super::Rate;

/// Keys to remember at most, some 10 MB. Beyond that those that are quiet are forgotten, and when that is not
/// enough all: whoever sends from so many addresses is not held by a limit for each, and a shared bucket for
/// the rest would lock out everybody else.
const MOST: usize = 100_000;

type Governor<K> =
    RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// Counts requests by key.
pub(crate) struct Keyed<K: Hash + Eq + Clone> {
    rate: Rate,
    most: usize,
    counts: ArcSwap<Governor<K>>,
}

/// What a budget says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It may pass, and so many more at once.
    Left(u32),
    /// Not before this time has passed.
    Wait(Duration),
}

impl<K: Hash + Eq + Clone> Keyed<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        Self::with_room(rate, MOST)
    }

    fn with_room(rate: Rate, most: usize) -> Self {
        Self { rate, most, counts: ArcSwap::from_pointee(governor(rate)) }
    }

    pub(super) fn rate(&self) -> Rate {
        self.rate
    }

    /// Counts a request.
    pub(crate) fn take(&self, key: &K) -> Verdict {
        let counts = self.counts.load();
        match counts.check_key(key) {
            Ok(state) => {
                let left = state.remaining_burst_capacity();
                // Only a new key, of which all is left, makes them more: to count them locks them all.
                if left + 1 >= self.rate.burst.get() {
                    self.make_room(&counts);
                }
                Verdict::Left(left)
            }
            Err(until) => Verdict::Wait(until.wait_time_from(DefaultClock::default().now())),
        }
    }

    fn make_room(&self, counts: &Governor<K>) {
        if counts.len() <= self.most {
            return;
        }
        counts.retain_recent();
        // With little freed the next request would look at all of them again.
        if counts.len() > self.most / 2 {
            self.counts.store(governor(self.rate).into());
        }
    }
}

fn governor<K: Hash + Eq + Clone>(rate: Rate) -> Governor<K> {
    // A period is never zero: of 2^32 requests in a second each has a part of one.
    let quota = Quota::with_period(rate.period().max(Duration::from_nanos(1)));
    let quota = quota.unwrap_or(Quota::per_second(rate.count)).allow_burst(rate.burst);
    RateLimiter::keyed(quota).with_middleware()
}

impl<K: Hash + Eq + Clone> std::fmt::Debug for Keyed<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyed").field("rate", &self.rate).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Keyed, Verdict};

    #[test]
    fn each_key_has_its_own_budget() {
        let keyed = Keyed::new("1/h burst 2".parse().unwrap());
        assert_eq!(keyed.take(&1), Verdict::Left(1));
        assert_eq!(keyed.take(&1), Verdict::Left(0));
        assert!(matches!(keyed.take(&1), Verdict::Wait(time) if time.as_secs() > 3500));
        assert_eq!(keyed.take(&2), Verdict::Left(1));
    }

    #[test]
    fn memory_is_bounded_whoever_comes() {
        let keyed = Keyed::with_room("1/h burst 2".parse().unwrap(), 100);
        for key in 0..100_000 {
            assert_eq!(keyed.take(&key), Verdict::Left(1), "nobody pays for the others");
            assert!(keyed.counts.load().len() <= 100);
        }
    }
}
