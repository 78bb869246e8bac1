//! How many tries over the first one a domain may have. Pure.
//!
//! As in finagle and linkerd: a share of the requests of the last seconds, and a few in any case. When
//! everything fails, tries over cost a fifth more and not three times as much, so they cannot be what keeps
//! a service down.

use std::time::Instant;

use super::retry::Policy;

/// How far back requests count.
const WINDOW: usize = 10;

/// The requests and the tries over of the last seconds.
#[derive(Debug)]
pub(crate) struct Budget {
    began: Instant,
    /// The second, counted from `began`, that the newest slot is for.
    second: u64,
    slots: [Slot; WINDOW],
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    requests: u64,
    retries: u64,
}

impl Budget {
    pub(crate) fn new(now: Instant) -> Self {
        Self { began: now, second: 0, slots: [Slot::default(); WINDOW] }
    }

    /// Takes in a request.
    pub(crate) fn deposit(&mut self, now: Instant) {
        self.slot(now).requests += 1;
    }

    /// Takes a try over out, if one is left.
    pub(crate) fn withdraw(&mut self, now: Instant, policy: &Policy) -> bool {
        self.slot(now);
        let sum = |of: fn(&Slot) -> u64| self.slots.iter().map(of).sum::<u64>();
        let share = sum(|slot| slot.requests) * u64::from(policy.percent) / 100;
        let left = share + u64::from(policy.min_per_second) * WINDOW as u64;
        let may = sum(|slot| slot.retries) < left;
        if may {
            self.slot(now).retries += 1;
        }
        may
    }

    /// Returns the slot of this second, emptying those that have become too old.
    fn slot(&mut self, now: Instant) -> &mut Slot {
        let second = now.saturating_duration_since(self.began).as_secs().max(self.second);
        let passed = (second - self.second).min(WINDOW as u64);
        for back in 0..passed {
            self.slots[((second - back) % WINDOW as u64) as usize] = Slot::default();
        }
        self.second = second;
        &mut self.slots[(second % WINDOW as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::{super::retry::Policy, Budget, WINDOW};

    fn policy(percent: u8, min_per_second: u32) -> Policy {
        Policy { percent, min_per_second, ..Policy::default() }
    }

    #[test]
    fn a_fifth_of_the_requests_and_no_more() {
        let (now, policy) = (Instant::now(), policy(20, 0));
        let mut budget = Budget::new(now);
        for _ in 0..100 {
            budget.deposit(now);
        }
        let granted = (0..100).filter(|_| budget.withdraw(now, &policy)).count();
        assert_eq!(granted, 20);
        assert!(!budget.withdraw(now + Duration::from_secs(9), &policy));
        let later = now + Duration::from_secs(10);
        budget.deposit(later);
        assert!(!budget.withdraw(later, &policy), "old requests pay for nothing");
    }

    #[test]
    fn a_quiet_domain_has_a_few() {
        let (now, policy) = (Instant::now(), policy(20, 10));
        let mut budget = Budget::new(now);
        assert_eq!((0..1000).filter(|_| budget.withdraw(now, &policy)).count(), 100);
        assert!(budget.withdraw(now + Duration::from_secs(10), &policy));
    }

    proptest! {
        /// A request pays for ten seconds, so a try over in the last ten was paid for in the last twenty.
        #[test]
        fn no_ten_seconds_have_more_than_was_paid_for(steps in prop::collection::vec((0..1500u64, 0..20u32, 0..20u32), 1..100)) {
            let policy = policy(20, 1);
            let begun = Instant::now();
            let mut budget = Budget::new(begun);
            let mut millis = 0;
            let mut seen: Vec<(u64, u64, u64)> = Vec::new();
            for (pause, requests, retries) in steps {
                millis += pause;
                let now = begun + Duration::from_millis(millis);
                (0..requests).for_each(|_| budget.deposit(now));
                let granted = (0..retries).filter(|_| budget.withdraw(now, &policy)).count() as u64;
                seen.push((millis / 1000, requests.into(), granted));
                let since = |seconds: usize| {
                    let first = (millis / 1000 + 1).saturating_sub(seconds as u64);
                    seen.iter().filter(move |(second, ..)| *second >= first)
                };
                let retried: u64 = since(WINDOW).map(|(_, _, retried)| retried).sum();
                let asked: u64 = since(2 * WINDOW).map(|(_, asked, _)| asked).sum();
                prop_assert!(retried <= asked / 5 + WINDOW as u64, "{} of {}", retried, asked);
            }
        }
    }
}
