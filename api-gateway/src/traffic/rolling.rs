//! Rate, errors and 95th percentile over the last minutes, in a fixed amount of memory.
//!
//! A ring of minutes, each with counts by duration. Pure: the caller says when it is. The minute that goes on
//! counts, so that a window of 5 minutes is between 4 and 5 minutes long.

use std::time::{Duration, Instant};

use service_kit::DURATIONS;

/// Minutes that are remembered.
const MINUTES: usize = 60;
/// The longest window, in minutes.
pub(crate) const HOUR: u64 = MINUTES as u64;
/// One for each bound, and one for all that took longer.
const BUCKETS: usize = DURATIONS.len() + 1;

/// The last hour.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rolling {
    /// When the first minute began: with the first request.
    begun: Option<Instant>,
    minutes: Vec<Minute>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Minute {
    /// Which one since the first, from 1; 0 for none.
    number: u64,
    failed: u32,
    by_duration: [u32; BUCKETS],
}

/// What came of requests.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rates {
    /// All.
    pub(crate) requests: u64,
    /// Those without a good answer.
    pub(crate) failed: u64,
    /// In which time 95 % had their answer; `None` without requests.
    pub(crate) p95: Option<Duration>,
}

impl Rates {
    /// Returns the share of requests that failed, 0 to 1.
    pub(crate) fn error_rate(&self) -> f64 {
        if self.requests == 0 { 0.0 } else { self.failed as f64 / self.requests as f64 }
    }
}

impl Rolling {
    /// Counts a request that ended `now`.
    pub(crate) fn note(&mut self, now: Instant, failed: bool, took: Duration) {
        let number = self.number(now);
        if self.minutes.is_empty() {
            self.minutes = vec![Minute::default(); MINUTES];
        }
        let Some(minute) = self.minutes.get_mut(place(number)) else { return };
        if minute.number != number {
            *minute = Minute { number, ..Minute::default() };
        }
        minute.failed += u32::from(failed);
        let bucket = DURATIONS.partition_point(|bound| *bound < took.as_secs_f64());
        if let Some(count) = minute.by_duration.get_mut(bucket) {
            *count += 1;
        }
    }

    /// Sums up the last `minutes`, at most 60.
    pub(crate) fn over(&self, now: Instant, minutes: u64) -> Rates {
        let Some(begun) = self.begun else { return Rates::default() };
        let newest = since(begun, now);
        let within = |minute: &&Minute| {
            minute.number > newest.saturating_sub(minutes) && minute.number <= newest
        };
        let mut sum = [0; BUCKETS];
        let mut failed = 0;
        for minute in self.minutes.iter().filter(within) {
            failed += u64::from(minute.failed);
            sum.iter_mut()
                .zip(minute.by_duration)
                .for_each(|(sum, count)| *sum += u64::from(count));
        }
        Rates { requests: sum.iter().sum(), failed, p95: quantile(&sum, 0.95) }
    }

    fn number(&mut self, now: Instant) -> u64 {
        since(*self.begun.get_or_insert(now), now)
    }
}

/// Returns which minute it is, from 1.
fn since(begun: Instant, now: Instant) -> u64 {
    now.saturating_duration_since(begun).as_secs() / 60 + 1
}

fn place(number: u64) -> usize {
    (number % MINUTES as u64) as usize
}

/// Returns a quantile as Prometheus estimates it: as if a bucket's requests were spread over it evenly.
fn quantile(counts: &[u64; BUCKETS], quantile: f64) -> Option<Duration> {
    let rank = counts.iter().sum::<u64>() as f64 * quantile;
    let (mut below, mut lower) = (0.0, 0.0);
    for (count, upper) in counts.iter().zip(DURATIONS) {
        let count = *count as f64;
        if count > 0.0 && below + count >= rank {
            let seconds = lower + (upper - lower) * (rank - below) / count;
            return Some(Duration::from_secs_f64(seconds));
        }
        (below, lower) = (below + count, upper);
    }
    // Beyond the last bound nothing more is known.
    (rank > 0.0).then(|| Duration::from_secs_f64(lower))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::{HOUR, Rates, Rolling};

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn what_is_old_leaves_the_window() {
        let (mut rolling, begun) = (Rolling::default(), Instant::now());
        assert_eq!(rolling.over(begun, HOUR), Rates::default());
        for _ in 0..10 {
            rolling.note(begun, true, Duration::from_millis(20));
        }
        for (after, minutes, requests) in
            [(0, 1, 10), (4, 5, 10), (5, 5, 0), (59, 60, 10), (60, 60, 0)]
        {
            let rates = rolling.over(begun + after * MINUTE, minutes);
            assert_eq!((rates.requests, rates.failed), (requests, requests), "{after} {minutes}");
        }
        rolling.note(begun + 60 * MINUTE, false, Duration::ZERO);
        let rates = rolling.over(begun + 60 * MINUTE, HOUR);
        assert_eq!((rates.requests, rates.failed), (1, 0), "the minute's place was used again");
    }

    #[test]
    fn the_percentile_is_within_its_bucket() {
        let (mut rolling, now) = (Rolling::default(), Instant::now());
        for millis in 1..=100 {
            rolling.note(now, false, Duration::from_millis(millis));
        }
        let p95 = rolling.over(now, 5).p95.unwrap().as_millis();
        assert!((90..=100).contains(&p95), "{p95}");
        let mut slow = Rolling::default();
        slow.note(now, false, Duration::from_secs(60));
        assert_eq!(slow.over(now, 5).p95, Some(Duration::from_secs(10)), "the last bound");
    }

    proptest! {
        /// As if every request had been kept.
        #[test]
        fn a_window_is_the_sum_of_its_minutes(
            requests in prop::collection::vec((0_u64..10_000, any::<bool>(), 0_u64..20_000), 0..200),
            later in 0_u64..5_000,
            minutes in 1_u64..=60,
        ) {
            let (mut rolling, begun) = (Rolling::default(), Instant::now());
            let mut requests = requests;
            requests.sort_unstable();
            for (at, failed, millis) in &requests {
                rolling.note(begun + Duration::from_secs(*at), *failed, Duration::from_millis(*millis));
            }
            let first = requests.first().map_or(0, |(at, ..)| *at);
            let last = requests.last().map_or(0, |(at, ..)| *at);
            let minute = |at: u64| (at - first) / 60;
            let now = last + later;
            let within = |at: u64| minute(at) + minutes > minute(now);
            let kept: Vec<_> = requests.iter().filter(|(at, ..)| within(*at)).collect();
            let rates = rolling.over(begun + Duration::from_secs(now), minutes);
            prop_assert_eq!(rates.requests, kept.len() as u64);
            prop_assert_eq!(rates.failed, kept.iter().filter(|(_, failed, _)| *failed).count() as u64);
            let over = |limit: Duration| {
                kept.iter().filter(|(.., millis)| Duration::from_millis(*millis) > limit).count()
            };
            if let Some(p95) = rates.p95.filter(|p95| *p95 < Duration::from_secs(10)) {
                // Not more than 5 % took longer than the bound above it.
                let bound = service_kit::DURATIONS.into_iter().find(|bound| *bound >= p95.as_secs_f64()).unwrap();
                prop_assert!(over(Duration::from_secs_f64(bound)) as f64 <= 0.05 * kept.len() as f64 + 1e-9);
            }
        }
    }
}
