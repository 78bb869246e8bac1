//! Whether an instance is well, by what it answers to health checks. Pure: asking is `check`'s.

use std::time::Duration;

/// When an instance counts as healthy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Where to ask; any 2xx is well. Default `/readyz`.
    pub path: String,
    /// Pause between two checks of an instance. Default 1 s.
    pub interval: Duration,
    /// How long an answer may take. Default 2 s.
    pub timeout: Duration,
    /// How many checks in a row must go wrong before it counts. Default 3.
    pub down_after: u32,
    /// How many in a row must go well afterwards. Default 1.
    pub up_after: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            path: "/readyz".to_owned(),
            interval: Duration::from_secs(1),
            timeout: Duration::from_secs(2),
            down_after: 3,
            up_after: 1,
        }
    }
}

/// How an instance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Condition {
    /// It says that it can work, or was not asked yet.
    Ready,
    /// It answers, but not that it can work: it is asked only where no other is ready.
    Unready,
    /// It does not answer: it is not asked.
    Down,
}

/// What is known of one instance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Health {
    condition: Condition,
    /// What the last check found.
    last: Condition,
    /// How many checks in a row contradict the condition.
    against: u32,
}

impl Health {
    pub(crate) fn new() -> Self {
        Self { condition: Condition::Ready, last: Condition::Ready, against: 0 }
    }

    pub(crate) fn condition(self) -> Condition {
        self.condition
    }

    /// Takes in what a check found.
    pub(crate) fn checked(&mut self, found: Condition, policy: &Policy) {
        let well = |condition| condition == Condition::Ready;
        self.last = found;
        if well(found) == well(self.condition) {
            self.against = 0;
            self.condition = found;
            return;
        }
        self.against += 1;
        let needed = if well(found) { policy.up_after } else { policy.down_after };
        if self.against >= needed {
            self.against = 0;
            self.condition = found;
        }
    }

    /// Takes in that a request was answered: then it is not down, whatever busy checks have missed.
    pub(crate) fn answered(&mut self) {
        if self.last == Condition::Down {
            *self = Self::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        Condition::{self, Down, Ready, Unready},
        Health, Policy,
    };

    fn check(found: &[Condition], expected: Condition) {
        let mut health = Health::new();
        for condition in found {
            health.checked(*condition, &Policy::default());
        }
        assert_eq!(health.condition(), expected, "{found:?}");
    }

    #[test]
    fn three_in_a_row_take_an_instance_out_and_one_brings_it_back() {
        check(&[], Ready);
        check(&[Down, Down], Ready);
        check(&[Down, Down, Ready, Down, Down], Ready);
        check(&[Down, Unready, Down], Down);
        check(&[Down, Down, Unready], Unready);
        check(&[Down, Down, Down, Unready], Unready);
        check(&[Down, Down, Down, Ready], Ready);
    }

    #[test]
    fn who_answers_requests_is_not_down_but_may_be_unready() {
        let mut health = Health::new();
        for _ in 0..10 {
            health.checked(Down, &Policy::default());
            health.answered();
        }
        assert_eq!(health.condition(), Ready);
        for _ in 0..3 {
            health.checked(Unready, &Policy::default());
            health.answered();
        }
        assert_eq!(health.condition(), Unready);
    }

    proptest! {
        #[test]
        fn the_last_checks_decide(found in prop::collection::vec(0..3u8, 0..40), down_after in 1..5u32, up_after in 1..5u32) {
            let found: Vec<_> = found.iter().map(|n| [Ready, Unready, Down][usize::from(*n)]).collect();
            let policy = Policy { down_after, up_after, ..Policy::default() };
            let mut health = Health::new();
            let mut run = 0;
            let mut well = true;
            for condition in found {
                run = if well == (condition == Ready) { run + 1 } else { 1 };
                well = condition == Ready;
                health.checked(condition, &policy);
                let enough = if well { up_after } else { down_after };
                if run >= enough {
                    prop_assert_eq!(health.condition(), condition);
                }
            }
        }
    }
}
