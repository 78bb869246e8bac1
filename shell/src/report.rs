//! What remotes and the slot report, counted in memory.
//!
//! Not here: sending it anywhere.

use std::cell::RefCell;

use contract::lifecycle::report::FAILED;

/// More than this many different reports are not told apart: a remote may invent kinds.
const KINDS: usize = 64;
/// So many warnings of one kind and version: a remote that fails without end does not fill the console.
const WARNINGS: u32 = 20;

/// Counts of reports by kind and by `name@version`.
#[derive(Debug, Default)]
pub(crate) struct Reports(RefCell<Vec<(String, String, u32)>>);

impl Reports {
    /// Counts a report.
    pub(crate) fn note(&self, kind: &str, who: &str, message: &str) {
        let times = self.count(kind, who);
        if !message.is_empty() && (1..=WARNINGS).contains(&times) {
            web_sys::console::warn_1(&[who, ": ", kind, ": ", message].concat().into());
        }
    }

    /// Counts and warns of a failed lifecycle phase, callback or promise.
    pub(crate) fn failed(&self, phase: &str, who: &str, message: &str) {
        self.note(FAILED, who, &[phase, ": ", message].concat());
    }

    /// Returns how often a remote has failed in this tab.
    pub(crate) fn failures(&self, who: &str) -> u32 {
        let counts = self.0.borrow();
        counts.iter().filter(|(kind, name, _)| kind == FAILED && name == who).map(|c| c.2).sum()
    }

    /// Returns how often that has been now; 0 for kinds that are not told apart any more.
    fn count(&self, kind: &str, who: &str) -> u32 {
        let mut counts = self.0.borrow_mut();
        if let Some(known) = counts.iter_mut().find(|(k, w, _)| k == kind && w == who) {
            known.2 += 1;
            known.2
        } else if counts.len() < KINDS {
            counts.push((kind.to_owned(), who.to_owned(), 1));
            1
        } else {
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Reports};

    #[test]
    fn failures_are_counted_by_version_and_kinds_are_bounded() {
        let reports = Reports::default();
        for who in ["a@1.0.0", "a@1.0.0", "a@1.0.1"] {
            reports.count("failed", who);
        }
        reports.count("mounted", "a@1.0.0");
        assert_eq!(reports.failures("a@1.0.0"), 2);
        for kind in 0..1000 {
            reports.count(&kind.to_string(), "a@1.0.0");
        }
        assert_eq!(reports.0.borrow().len(), KINDS);
        assert_eq!(reports.count("yet another", "a@1.0.0"), 0);
    }
}
