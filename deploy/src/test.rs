//! Running every check and counting, whatever fails on the way.

pub(crate) mod counts;
pub(crate) mod steps;

use std::time::Duration;

use crate::term::{self, Step};

/// What a step counted. A check that is no test suite is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Counts {
    /// A check that passed.
    pub(crate) const ONE: Self = Self { passed: 1, failed: 0 };

    /// Counts a failure that no test stands for, and a suite that did not run at all.
    pub(crate) fn with_status(self, success: bool) -> Self {
        match self {
            Self { passed: 0, failed: 0 } => Self { passed: 0, failed: 1 },
            Self { failed: 0, .. } if !success => Self { failed: 1, ..self },
            counts => counts,
        }
    }
}

/// What became of the steps, in order.
#[derive(Debug, Default)]
pub(crate) struct Report(Vec<(String, Duration, Option<Counts>)>);

impl Report {
    /// Runs a step and tells whether it passed.
    pub(crate) fn step(
        &mut self,
        name: &str,
        run: impl FnOnce(&Step) -> anyhow::Result<Counts>,
    ) -> bool {
        let step = Step::begin(name);
        let counts = run(&step).unwrap_or_else(|error| {
            term::note(&format!("{error:#}"));
            Counts { passed: 0, failed: 1 }
        });
        let Counts { passed, failed } = counts;
        let took = match failed {
            0 => step.done(&format!("{passed} passed")),
            _ => step.failed(&format!("{passed} passed, {failed} failed")),
        };
        self.0.push((name.to_owned(), took, Some(counts)));
        failed == 0
    }

    /// Notes a step that needs what failed.
    pub(crate) fn skip(&mut self, name: &str) {
        self.0.push((name.to_owned(), Duration::ZERO, None));
    }

    /// Tells whether everything passed.
    pub(crate) fn passed(&self) -> bool {
        self.sum().failed == 0
    }

    /// Returns where the time went and, last, the sums.
    pub(crate) fn text(&self) -> String {
        let mut lines = vec!["where the time went".to_owned()];
        for (name, took, counts) in &self.0 {
            let result = match counts {
                None => "skipped, it needs what failed".to_owned(),
                Some(Counts { passed, failed: 0 }) => format!("{passed} passed"),
                Some(Counts { passed, failed }) => format!("{passed} passed, {failed} failed"),
            };
            lines.push(format!("  {name:<28} {:>14}  {result}", term::seconds(*took)));
        }
        let total = self.0.iter().map(|(_, took, _)| *took).sum();
        lines.push(format!("  {:<28} {:>14}\n", "all", term::seconds(total)));
        let Counts { passed, failed } = self.sum();
        lines.push(format!("{passed} passed, {failed} failed"));
        lines.join("\n")
    }

    fn sum(&self) -> Counts {
        let counts = self.0.iter().filter_map(|(.., counts)| *counts);
        counts.fold(Counts::default(), |sum, counts| Counts {
            passed: sum.passed + counts.passed,
            failed: sum.failed + counts.failed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Report};

    #[test]
    fn a_suite_that_ran_nothing_or_ended_badly_is_a_failure() {
        for (passed, failed, success, expected) in [
            (3, 0, true, (3, 0)),
            (3, 0, false, (3, 1)),
            (3, 2, false, (3, 2)),
            (0, 0, true, (0, 1)),
        ] {
            let counts = Counts { passed, failed }.with_status(success);
            assert_eq!((counts.passed, counts.failed), expected);
        }
    }

    #[test]
    fn one_failed_step_fails_the_report_and_the_others_still_count() {
        let mut report = Report::default();
        assert!(report.step("good", |_| Ok(Counts::ONE)));
        assert!(report.passed());
        assert!(!report.step("bad", |_| anyhow::bail!("no")));
        assert!(report.step("good", |_| Ok(Counts { passed: 7, failed: 0 })));
        report.skip("needs bad");
        assert!(!report.passed());
        assert_eq!(report.text().lines().last(), Some("8 passed, 1 failed"));
    }
}
