use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{
    Breaker,
    Outcome::{self, Abandoned, Answered, Failed},
    Permit, Policy, Position,
};

const SECOND: Duration = Duration::from_secs(1);

fn breaker(now: Instant) -> Breaker {
    Breaker::new(Policy::default(), now)
}

#[track_caller]
fn request(breaker: &mut Breaker, outcome: Outcome, now: Instant) {
    let permit = breaker.permit(now).unwrap();
    breaker.record(permit, outcome, now);
}

/// Returns one that opened at `now`, for 5 s.
fn opened(now: Instant) -> Breaker {
    let mut breaker = breaker(now);
    for _ in 0..10 {
        request(&mut breaker, Failed, now);
    }
    assert_eq!(breaker.position(now), Position::Open);
    breaker
}

#[test]
fn ten_failures_open_it_if_they_are_half_of_all() {
    let now = Instant::now();
    for (answered, position) in [(0, Position::Open), (10, Position::Open), (11, Position::Closed)]
    {
        let mut breaker = breaker(now);
        for _ in 0..answered {
            request(&mut breaker, Answered, now);
        }
        for _ in 0..9 {
            request(&mut breaker, Failed, now);
            assert_eq!(breaker.position(now), Position::Closed);
        }
        request(&mut breaker, Abandoned, now);
        assert_eq!(breaker.position(now), Position::Closed, "who went away says nothing");
        request(&mut breaker, Failed, now);
        assert_eq!(breaker.position(now), position, "{answered} answered");
    }
}

#[test]
fn failures_of_long_ago_do_not_count() {
    let mut now = Instant::now();
    let mut breaker = breaker(now);
    for _ in 0..100 {
        request(&mut breaker, Failed, now);
        now += 2 * SECOND;
    }
    assert_eq!(breaker.position(now), Position::Closed, "never ten in ten seconds");
}

#[test]
fn while_open_it_says_when_to_come_again() {
    let now = Instant::now();
    let mut breaker = opened(now);
    assert_eq!(breaker.permit(now).unwrap_err(), 5 * SECOND);
    assert_eq!(breaker.permit(now + 4 * SECOND).unwrap_err(), SECOND);
}

#[test]
fn three_answers_close_it() {
    let mut breaker = opened(Instant::now());
    let now = Instant::now() + 6 * SECOND;
    let trials: Vec<Permit> = (0..3).map(|_| breaker.permit(now).unwrap()).collect();
    assert_eq!(breaker.permit(now).unwrap_err(), SECOND, "no more than three");
    let positions = trials.into_iter().map(|permit| breaker.record(permit, Answered, now));
    assert_eq!(positions.collect::<Vec<_>>(), [None, None, Some(Position::Closed)]);
    assert!(breaker.permit(now).is_ok());
}

#[test]
fn one_failed_trial_opens_it_for_twice_as_long() {
    let mut now = Instant::now();
    let mut breaker = opened(now);
    let mut wait = 5 * SECOND;
    for seconds in [10, 20, 40, 60, 60] {
        now += wait;
        request(&mut breaker, Answered, now);
        request(&mut breaker, Failed, now);
        wait = breaker.permit(now).unwrap_err();
        assert_eq!(wait.as_secs(), seconds);
    }
}

#[test]
fn who_goes_away_during_a_trial_makes_room_for_another() {
    let mut breaker = opened(Instant::now());
    let now = Instant::now() + 6 * SECOND;
    for _ in 0..100 {
        request(&mut breaker, Abandoned, now);
    }
    assert_eq!(breaker.position(now), Position::HalfOpen);
}

#[test]
fn a_late_answer_to_an_older_states_request_changes_nothing() {
    let now = Instant::now();
    let mut breaker = breaker(now);
    let late: Vec<Permit> = (0..10).map(|_| breaker.permit(now).unwrap()).collect();
    for _ in 0..10 {
        request(&mut breaker, Failed, now);
    }
    let now = now + 6 * SECOND;
    let _trial = breaker.permit(now).unwrap();
    for permit in late {
        assert_eq!(breaker.record(permit, Failed, now), None);
    }
    assert_eq!(breaker.position(now), Position::HalfOpen);
}

#[derive(Clone, Debug)]
enum Step {
    Ask,
    Tell(usize, Outcome),
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let outcome = prop_oneof![Just(Answered), Just(Failed), Just(Failed), Just(Abandoned)];
    let step = prop_oneof![
        4 => Just(Step::Ask),
        4 => (any::<usize>(), outcome).prop_map(|(which, outcome)| Step::Tell(which, outcome)),
        1 => (0..8_000u64).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 0..400)
}

proptest! {
    /// Whatever happens in whatever order: nothing passes while it is open, at most three at a time pass
    /// while it is half open, it opens on a failure only, and it can always be closed again.
    #[test]
    fn the_three_states_keep_their_promises(steps in steps()) {
        let policy = Policy { failures: 3, ..Policy::default() };
        let mut now = Instant::now();
        let mut breaker = Breaker::new(policy.clone(), now);
        let mut under_way: Vec<Permit> = Vec::new();
        let mut trials = 0_usize;
        for step in steps {
            let before = breaker.position(now);
            match step {
                Step::Wait(millis) => now += Duration::from_millis(millis),
                Step::Ask => match breaker.permit(now) {
                    Ok(permit) => {
                        prop_assert_ne!(before, Position::Open);
                        under_way.push(permit);
                        if before == Position::HalfOpen {
                            let current = breaker.changes;
                            trials = under_way.iter().filter(|permit| permit.0 == current).count();
                            prop_assert!(trials <= 3);
                        }
                    }
                    Err(wait) => {
                        prop_assert_ne!(before, Position::Closed);
                        prop_assert!(!wait.is_zero() && wait <= policy.longest);
                    }
                },
                Step::Tell(which, outcome) if !under_way.is_empty() => {
                    let permit = under_way.swap_remove(which % under_way.len());
                    breaker.record(permit, outcome, now);
                    let after = breaker.position(now);
                    match (before, after) {
                        (Position::Closed | Position::HalfOpen, Position::Open) => {
                            prop_assert_eq!(outcome, Failed);
                        }
                        (Position::HalfOpen, Position::Closed) => prop_assert_eq!(outcome, Answered),
                        _ => prop_assert_eq!(before, after),
                    }
                }
                Step::Tell(..) => {}
            }
        }
        prop_assert!(trials <= 3);
        // Requests end: those of trials by a deadline. Then it recovers.
        for permit in under_way {
            breaker.record(permit, Abandoned, now);
        }
        now += policy.longest;
        for _ in 0..3 {
            if breaker.position(now) != Position::Closed {
                let permit = breaker.permit(now).unwrap();
                breaker.record(permit, Answered, now);
            }
        }
        prop_assert_eq!(breaker.position(now), Position::Closed);
    }
}
