//! Whether a version fails clearly more often than the one before it. Pure.
//!
//! The test is Wald's sequential probability ratio test (A. Wald, "Sequential Tests of Statistical
//! Hypotheses", Annals of Mathematical Statistics 16, 1945), of which only the rejecting side is used: the
//! likelihood ratio of "clearly worse" against "no worse" is a martingale while the version is no worse, so
//! by Ville's inequality it *ever* exceeds `1/α` with a chance of at most `α`, however often one looks. A
//! test that is made for one look would raise a false alarm sooner or later. Numbers and limits:
//! `docs/automatic-rollback.md`.
//!
//! Not here: counting, and rolling back.

/// The evidence about a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sessions that tried it.
    pub sessions: u64,
    /// Those for which it failed.
    pub failed: u64,
}

/// When a version is taken back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// Sessions that must have tried it. Default 20.
    pub min_sessions: u64,
    /// Share of them, in percent, that must be exceeded. Default 5.
    pub percent: f64,
    /// How long after its release a version is judged, in seconds. Default one hour.
    pub within: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self { min_sessions: 20, percent: 5.0, within: 60 * 60 }
    }
}

/// Chance that one gateway takes back a version that is no worse than the one before it.
const ALPHA: f64 = 1e-4;
/// Failure rate that is normal for anything: bad networks, old browsers, closed tabs.
const NORMAL: f64 = 0.01;
/// A rate of failures that nobody would accept, however good the version before was.
const BAD: f64 = 0.1;
/// "Clearly more often": so many times the rate of the version before.
const TIMES: f64 = 3.0;
/// Sessions at the normal rate that the version before begins with, so that few say little about it.
const PRIOR: f64 = 100.0;

/// Why a version is taken back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// The version's.
    pub new: Tally,
    /// Those of the version before it.
    pub before: Tally,
    /// How many times likelier the counts are at the bad rate than at the normal one, natural logarithm.
    pub log_ratio: f64,
}

/// Returns the evidence that `new` fails clearly more often than `before`, `None` while there is none.
#[must_use]
pub fn judge(policy: &Policy, new: Tally, before: Tally) -> Option<Evidence> {
    let (sessions, failed) = (new.sessions as f64, new.failed as f64);
    if new.sessions < policy.min_sessions || failed * 100.0 <= policy.percent * sessions {
        return None;
    }
    let normal =
        NORMAL.max((before.failed as f64 + NORMAL * PRIOR) / (before.sessions as f64 + PRIOR));
    let bad = BAD.max(TIMES * normal);
    if bad >= 1.0 {
        // The version before fails a third of the time: going back would help nobody.
        return None;
    }
    let log_ratio =
        failed * (bad / normal).ln() + (sessions - failed) * ((1.0 - bad) / (1.0 - normal)).ln();
    (log_ratio >= -ALPHA.ln()).then_some(Evidence { new, before, log_ratio })
}

impl Evidence {
    /// Returns the evidence for the history.
    #[must_use]
    pub fn text(&self, version: &str, before: &str) -> String {
        let share = |tally: Tally| match tally.sessions {
            0 => String::new(),
            sessions => format!(" ({:.1} %)", tally.failed as f64 * 100.0 / sessions as f64),
        };
        let Self { new, before: old, log_ratio } = *self;
        format!(
            "{version} failed in {} of {} sessions{}, {before} before it in {} of {}{}; that is e^{log_ratio:.1} \
             times likelier for a bad version than for a good one (threshold e^{:.1})",
            new.failed,
            new.sessions,
            share(new),
            old.failed,
            old.sessions,
            share(old),
            -ALPHA.ln(),
        )
    }
}

#[cfg(test)]
mod tests;
