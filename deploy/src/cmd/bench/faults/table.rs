//! What visitors saw of each fault, as a row. Pure.

use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, Instant},
};

use super::{ailing::LONGEST, probes::Seen, writes::Kept};

/// Requests of one kind of visitor.
#[derive(Clone, Debug, Default, PartialEq)]
struct Asked {
    all: usize,
    /// How often each failure was seen.
    failed: BTreeMap<String, usize>,
}

/// One fault.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    fault: String,
    others: Asked,
    own: Asked,
    /// `None` when it did not in all the time that was waited.
    recovered: Option<Duration>,
    kept: Kept,
}

/// Counts what was seen of a fault that `target` had; the time to recover is from `since`, when it was mended
/// or, for what mends itself, when it happened; `None` when it did not recover.
pub(super) fn row(
    fault: String,
    target: Option<&str>,
    since: Option<Instant>,
    seen: &[Seen],
    kept: Kept,
) -> Row {
    let (mut others, mut own) = (Asked::default(), Asked::default());
    let mut recovered = since.map(|_| Duration::ZERO);
    for seen in seen {
        let is_own = target.is_none_or(|target| target == seen.of);
        let asked = if is_own { &mut own } else { &mut others };
        asked.all += 1;
        if let Some(why) = &seen.failed {
            // Who they are that should have seen nothing.
            let why = if is_own { why.clone() } else { format!("{why} of {}", seen.of) };
            *asked.failed.entry(why).or_default() += 1;
            let after = since.map(|since| seen.ended.saturating_duration_since(since));
            recovered = recovered.max(after);
        }
    }
    Row { fault, others, own, recovered, kept }
}

/// Returns the table's lines.
pub(super) fn of(rows: &[Row]) -> Vec<String> {
    let head = "| fault | others: requests | failed | its own: requests | failed | recovered after \
                | acknowledged writes | lost |";
    let line = "|---|---|---|---|---|---|---|---|";
    let mut lines = vec![head.to_owned(), line.to_owned()];
    lines.extend(rows.iter().map(ToString::to_string));
    lines
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fault, others, own, recovered, kept } = self;
        write!(f, "| {fault} | {others} | {own} ")?;
        match recovered {
            Some(after) => write!(f, "| {:.1} s ", after.as_secs_f64())?,
            None => write!(f, "| not within {} s ", LONGEST.as_secs())?,
        }
        write!(f, "| {} | {} |", kept.acknowledged, kept.lost)
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed: usize = self.failed.values().sum();
        write!(f, "{} | {failed}", self.all)?;
        let kinds: Vec<_> = self.failed.iter().map(|(why, n)| format!("{n} × {why}")).collect();
        if kinds.is_empty() { Ok(()) } else { write!(f, " ({})", kinds.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{super::probes::Seen, Kept, of, row};

    #[test]
    fn who_saw_what_and_until_when_is_counted() {
        let since = Instant::now();
        let seen = |of: &str, after, failed: Option<&str>| Seen {
            of: of.to_owned(),
            ended: since + Duration::from_secs(after),
            failed: failed.map(ToOwned::to_owned),
        };
        let all = [
            seen("a", 0, None),
            seen("a", 2, Some("503")),
            seen("a", 3, Some("503")),
            seen("a", 4, None),
            seen("b", 1, None),
            seen("b", 9, None),
        ];
        let kept = Kept { acknowledged: 7, lost: 0 };
        let of_a = row("a dies".to_owned(), Some("a"), Some(since), &all, kept);
        assert_eq!(of_a.to_string(), "| a dies | 2 | 0 | 4 | 2 (2 × 503) | 3.0 s | 7 | 0 |");
        let of_all = row("all".to_owned(), None, Some(since), &all, kept);
        let of_b = row("b".to_owned(), Some("b"), Some(since), &all, kept);
        assert_eq!(of_b.to_string(), "| b | 4 | 2 (2 × 503 of a) | 2 | 0 | 3.0 s | 7 | 0 |");
        assert_eq!(of_all.to_string(), "| all | 0 | 0 | 6 | 2 (2 × 503) | 3.0 s | 7 | 0 |");
        let never = row("c".to_owned(), Some("c"), None, &all, kept).to_string();
        assert!(never.contains("| not within 90 s |"), "{never}");
        assert_eq!(of(&[of_a]).len(), 3);
    }
}
