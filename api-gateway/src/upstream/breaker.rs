//! The circuit breaker of a pool, with the textbook's three states. Pure: time is an argument.
//!
//! ```text
//! Closed ── too many of the last seconds' requests got no answer ──▶ Open
//! Open ── a while later ──▶ HalfOpen: a few requests are let through
//! HalfOpen ── all of them were answered ──▶ Closed
//! HalfOpen ── one was not ──▶ Open, for twice as long
//! ```
//!
//! A failure is a request without an answer: refused, reset or too late. An answer that says 500 shows that
//! the service lives, and a bug of one path must not close the others.

use std::time::{Duration, Instant};

/// When a breaker opens, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How far back requests count. Default 10 s.
    pub window: Duration,
    /// At least so many of them must have failed. Default 10.
    pub failures: u32,
    /// And at least this share of them, in percent. Default 50.
    pub percent: u8,
    /// For how long it opens the first time; twice as long after each failed trial. Default 5 s.
    pub open: Duration,
    /// And at most for this long. Default 1 min.
    pub longest: Duration,
    /// How many requests try it afterwards. Default 3.
    pub probes: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(10),
            failures: 10,
            percent: 50,
            open: Duration::from_secs(5),
            longest: Duration::from_secs(60),
            probes: 3,
        }
    }
}

/// Lets requests through, or not.
#[derive(Debug)]
pub(crate) struct Breaker {
    policy: Policy,
    state: State,
    /// Counts the changes of state, so that an answer to an older state's request is known as such.
    changes: u64,
}

#[derive(Debug)]
enum State {
    Closed { half: Counts, before: Counts, since: Instant },
    Open { until: Instant, length: Duration },
    HalfOpen { length: Duration, under_way: u32, answered: u32 },
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    answered: u32,
    failed: u32,
}

/// Leave for one request, to be given back with what became of it.
#[derive(Debug)]
#[must_use]
pub(crate) struct Permit(u64);

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Answered,
    Failed,
    /// Its caller went away, or it was never sent.
    Abandoned,
}

/// The state, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    Closed,
    HalfOpen,
    Open,
}

/// While trials are under way, others may come again after this.
const TRIAL: Duration = Duration::from_secs(1);

impl Breaker {
    pub(crate) fn new(policy: Policy, now: Instant) -> Self {
        Self { policy, state: State::closed(now), changes: 0 }
    }

    /// Lets a request through, or says after how long to come again.
    pub(crate) fn permit(&mut self, now: Instant) -> Result<Permit, Duration> {
        if let State::Open { until, length } = self.state {
            if now < until {
                return Err(until - now);
            }
            self.change(State::HalfOpen { length, under_way: 0, answered: 0 });
        }
        if let State::HalfOpen { under_way, answered, .. } = &mut self.state {
            if *under_way + *answered >= self.policy.probes {
                return Err(TRIAL);
            }
            *under_way += 1;
        }
        Ok(Permit(self.changes))
    }

    /// Takes in what became of a request; returns the new position when that changed it.
    pub(crate) fn record(
        &mut self,
        Permit(change): Permit,
        outcome: Outcome,
        now: Instant,
    ) -> Option<Position> {
        if change != self.changes {
            return None;
        }
        let next = match &mut self.state {
            State::Closed { .. } => self.count(outcome, now),
            // Nothing was let through in this state.
            State::Open { .. } => None,
            State::HalfOpen { length, under_way, answered } => {
                *under_way = under_way.saturating_sub(1);
                match outcome {
                    Outcome::Answered => *answered += 1,
                    Outcome::Failed | Outcome::Abandoned => {}
                }
                if outcome == Outcome::Failed {
                    Some(State::open(now, (*length * 2).min(self.policy.longest)))
                } else {
                    (*answered >= self.policy.probes).then(|| State::closed(now))
                }
            }
        };
        self.change(next?);
        Some(self.position(now))
    }

    fn count(&mut self, outcome: Outcome, now: Instant) -> Option<State> {
        let State::Closed { half, before, since } = &mut self.state else { return None };
        let length = self.policy.window / 2;
        let passed = now.saturating_duration_since(*since);
        if passed >= length {
            *before = if passed < length * 2 { *half } else { Counts::default() };
            *half = Counts::default();
            *since = now;
        }
        match outcome {
            Outcome::Answered => half.answered = half.answered.saturating_add(1),
            Outcome::Failed => half.failed = half.failed.saturating_add(1),
            Outcome::Abandoned => {}
        }
        let failed = u64::from(half.failed) + u64::from(before.failed);
        let all = failed + u64::from(half.answered) + u64::from(before.answered);
        let too_many = failed >= u64::from(self.policy.failures)
            && failed * 100 >= all * u64::from(self.policy.percent);
        (too_many && outcome == Outcome::Failed).then(|| State::open(now, self.policy.open))
    }

    /// Returns the state as it is to somebody who comes now.
    pub(crate) fn position(&self, now: Instant) -> Position {
        match self.state {
            State::Closed { .. } => Position::Closed,
            State::Open { until, .. } if now < until => Position::Open,
            State::Open { .. } | State::HalfOpen { .. } => Position::HalfOpen,
        }
    }

    fn change(&mut self, state: State) {
        self.state = state;
        self.changes += 1;
    }
}

impl State {
    fn closed(since: Instant) -> Self {
        Self::Closed { half: Counts::default(), before: Counts::default(), since }
    }

    fn open(now: Instant, length: Duration) -> Self {
        Self::Open { until: now + length, length }
    }
}

#[cfg(test)]
mod tests;
