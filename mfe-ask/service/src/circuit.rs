//! Whether the search is worth waiting for. Pure: what time it is, is told.
//!
//! After a failure nobody waits for it for a while; then one question tries it, and the others still go without
//! until that one has its answer. Not here: what a failure is; see `retrieving`.

use std::time::{Duration, Instant};

/// How long nobody waits after a failure.
const PAUSE: Duration = Duration::from_secs(5);

/// What is known of the search; closed at first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Circuit {
    /// When it is tried again; `None` while it answers.
    open_until: Option<Instant>,
}

impl Circuit {
    /// Tells whether a question may wait for the search. What came of that must be told, but if it never is,
    /// because the question was withdrawn, another one tries after the pause.
    pub(crate) fn admits(&mut self, now: Instant) -> bool {
        match self.open_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                self.open_until = Some(now + PAUSE);
                true
            }
        }
    }

    /// Notes that it answered.
    pub(crate) fn close(&mut self) {
        self.open_until = None;
    }

    /// Notes that it failed.
    pub(crate) fn open(&mut self, now: Instant) {
        self.open_until = Some(now + PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::{collection::vec, prelude::*};

    use super::{Circuit, PAUSE};

    #[test]
    fn after_a_failure_one_question_in_a_while_tries_until_the_search_answers() {
        let (mut circuit, start) = (Circuit::default(), Instant::now());
        assert!(circuit.admits(start) && circuit.admits(start));
        circuit.open(start);
        assert!(!circuit.admits(start) && !circuit.admits(start + PAUSE / 2));
        let later = start + PAUSE;
        assert!(circuit.admits(later) && !circuit.admits(later), "one tries");
        assert!(
            circuit.admits(later + PAUSE),
            "another one does when nothing is heard of the first"
        );
        circuit.close();
        assert!(circuit.admits(later + PAUSE) && circuit.admits(later + PAUSE));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Wait(u64),
        Ask,
        Failed,
        Answered,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0_u64..8000).prop_map(Step::Wait),
            Just(Step::Ask),
            Just(Step::Failed),
            Just(Step::Answered),
        ]
    }

    proptest! {
        #[test]
        fn nobody_waits_for_what_just_failed_and_nothing_stays_away_for_ever(
            steps in vec(step(), 0..60)
        ) {
            let (mut circuit, mut now) = (Circuit::default(), Instant::now());
            // Since when nobody may wait.
            let mut failed = None;
            for step in steps {
                match step {
                    Step::Wait(ms) => now += Duration::from_millis(ms),
                    Step::Failed => {
                        circuit.open(now);
                        failed = Some(now);
                    }
                    Step::Answered => {
                        circuit.close();
                        failed = None;
                    }
                    Step::Ask => {
                        let over = failed.is_none_or(|at| now >= at + PAUSE);
                        prop_assert_eq!(circuit.admits(now), over);
                        failed = failed.map(|at| if over { now } else { at });
                    }
                }
            }
            prop_assert!(circuit.admits(now + PAUSE));
        }
    }
}
