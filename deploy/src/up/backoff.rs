//! How long to wait before a process that ended is started again. Pure: the caller has the clock.

use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(10);
/// A process that ran this long is healthy: its end is a new misfortune.
const HEALTHY: Duration = Duration::from_secs(30);

/// Doubling delays.
#[derive(Clone, Copy, Debug)]
pub(super) struct Backoff {
    delay: Duration,
    started: Instant,
}

impl Backoff {
    /// The process starts for the first time.
    pub(super) fn new(now: Instant) -> Self {
        Self { delay: FIRST, started: now }
    }

    /// The process starts again.
    pub(super) fn started(&mut self, now: Instant) {
        self.started = now;
    }

    /// The process ended; returns how long to wait.
    pub(super) fn ended(&mut self, now: Instant) -> Duration {
        if now.saturating_duration_since(self.started) >= HEALTHY {
            self.delay = FIRST;
        }
        let delay = self.delay;
        self.delay = (delay * 2).min(LONGEST);
        delay
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Backoff;

    #[test]
    fn delays_double_up_to_ten_seconds_and_health_resets_them() {
        let mut now = Instant::now();
        let mut backoff = Backoff::new(now);
        let mut crash_after = |ran: u64| {
            now += Duration::from_secs(ran);
            let delay = backoff.ended(now);
            now += delay;
            backoff.started(now);
            u64::try_from(delay.as_millis()).unwrap()
        };
        let delays: Vec<u64> = (0..9).map(|_| crash_after(1)).collect();
        assert_eq!(delays, [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
        assert_eq!(crash_after(29), 10_000);
        assert_eq!(crash_after(30), 100);
        assert_eq!(crash_after(1), 200);
    }
}
