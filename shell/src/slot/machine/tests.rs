use super::Effect::{
    Arm, Bootstrap, Disarm, Discard, Kill, Load, Mount, Report, Reveal, Unmount, Wait,
};
use super::{Effect, Event, Failure, Generation, Machine, Pick};
use crate::slot::status::{Phase, Status};

fn show(machine: &mut Machine, remote: &str) -> Vec<Effect> {
    machine.step(Event::Show { remote: remote.into(), has_previous: false }, 0)
}

fn done(machine: &mut Machine) -> Vec<Effect> {
    machine.step(Event::Done(machine.generation()), 0)
}

fn fail(machine: &mut Machine, lasting: bool) -> Vec<Effect> {
    let failure = Failure { message: "broken".into(), lasting };
    machine.step(Event::Failed(machine.generation(), failure), 0)
}

fn mounted(remote: &str) -> (Machine, Generation) {
    let mut machine = Machine::new();
    show(&mut machine, remote);
    for _ in 0..3 {
        done(&mut machine);
    }
    assert_eq!(*machine.status(), Status::Mounted);
    let generation = machine.generation();
    (machine, generation)
}

fn failed(phase: Phase) -> Status {
    Status::Failed { phase, message: "broken".into(), refused: false }
}

#[test]
fn the_phases_follow_each_other_each_with_its_deadline() {
    let mut machine = Machine::new();
    let load = show(&mut machine, "a");
    let g = machine.generation();
    assert_eq!(load, [Discard(g - 1), Load(g, Pick::Active), Arm(g, Phase::Load)][1..]);
    assert_eq!(done(&mut machine), [Bootstrap(g), Arm(g, Phase::Bootstrap)]);
    assert_eq!(done(&mut machine), [Disarm(g), Mount(g), Arm(g, Phase::Mount)]);
    assert_eq!(done(&mut machine), [Disarm(g), Reveal(g)]);
    assert_eq!(*machine.status(), Status::Mounted);
}

#[test]
fn the_same_remote_is_not_mounted_again_for_another_path() {
    let (mut machine, _) = mounted("a");
    assert!(show(&mut machine, "a").is_empty());
}

#[test]
fn a_failed_attempt_waits_and_is_tried_again_then_given_up() {
    let mut machine = Machine::new();
    show(&mut machine, "a");
    let first = machine.generation();
    assert_eq!(
        fail(&mut machine, false),
        [Report(first, Phase::Load, "broken".into()), Discard(first), Wait(first + 1, 300)]
    );
    assert_eq!(*machine.status(), Status::BackingOff);
    let again = machine.step(Event::Due(machine.generation()), 0);
    assert_eq!(again[0], Load(machine.generation(), Pick::Active));
    fail(&mut machine, false);
    assert_eq!(*machine.status(), failed(Phase::Load));
}

#[test]
fn the_previous_release_is_tried_once_after_two_failures() {
    let mut machine = Machine::new();
    machine.step(Event::Show { remote: "a".into(), has_previous: true }, 0);
    fail(&mut machine, false);
    machine.step(Event::Due(machine.generation()), 0);
    let fallback = fail(&mut machine, false);
    assert!(fallback.contains(&Load(machine.generation(), Pick::Previous)));
    fail(&mut machine, false);
    assert_eq!(*machine.status(), failed(Phase::Load));
}

#[test]
fn a_lasting_failure_is_not_tried_again() {
    let mut machine = Machine::new();
    machine.step(Event::Show { remote: "a".into(), has_previous: true }, 0);
    let fallback = fail(&mut machine, true);
    assert!(fallback.contains(&Load(machine.generation(), Pick::Previous)));

    let mut machine = Machine::new();
    show(&mut machine, "a");
    fail(&mut machine, true);
    assert_eq!(
        *machine.status(),
        Status::Failed { phase: Phase::Load, message: "broken".into(), refused: true }
    );
}

#[test]
fn a_phase_that_never_settles_fails_at_its_deadline() {
    for (steps, phase) in [(0, Phase::Load), (1, Phase::Bootstrap), (2, Phase::Mount)] {
        let mut machine = Machine::new();
        show(&mut machine, "a");
        for _ in 0..steps {
            done(&mut machine);
        }
        let g = machine.generation();
        let todo = machine.step(Event::Due(g), 0);
        assert_eq!(todo[..2], [Report(g, phase, "it took too long".into()), Discard(g)]);
    }
}

#[test]
fn what_a_given_up_attempt_says_is_ignored() {
    let mut machine = Machine::new();
    show(&mut machine, "a");
    let old = machine.generation();
    fail(&mut machine, false);
    assert!(machine.step(Event::Done(old), 0).is_empty());
    assert!(machine.step(Event::Due(old), 0).is_empty());
    assert_eq!(*machine.status(), Status::BackingOff);
}

#[test]
fn another_remote_starts_at_once_beside_a_slow_unmount() {
    let (mut machine, old) = mounted("a");
    let todo = show(&mut machine, "b");
    let new = machine.generation();
    assert_eq!(
        todo,
        [Unmount(old), Arm(old, Phase::Unmount), Load(new, Pick::Active), Arm(new, Phase::Load)]
    );
    done(&mut machine);
    assert!(done(&mut machine).contains(&Mount(new)));
    let late = machine.step(Event::Due(old), 0);
    assert_eq!(late, [Report(old, Phase::Unmount, "it took too long".into()), Discard(old)]);
    assert_eq!(*machine.status(), Status::Mounting);
}

#[test]
fn a_hung_mount_is_abandoned_on_navigation() {
    let mut machine = Machine::new();
    show(&mut machine, "a");
    done(&mut machine);
    done(&mut machine);
    let hung = machine.generation();
    let todo = show(&mut machine, "b");
    assert_eq!(todo[..2], [Discard(hung), Load(machine.generation(), Pick::Active)]);
    assert!(machine.step(Event::Done(hung), 0).is_empty());
}

#[test]
fn a_remote_is_not_mounted_beside_its_own_earlier_mount() {
    let (mut machine, old) = mounted("a");
    show(&mut machine, "b");
    show(&mut machine, "a");
    done(&mut machine);
    done(&mut machine);
    assert_eq!(*machine.status(), Status::Unmounting);
    let todo = machine.step(Event::Done(old), 0);
    let new = machine.generation();
    assert_eq!(todo, [Discard(old), Mount(new), Arm(new, Phase::Mount)]);
}

#[test]
fn a_panic_while_mounted_kills_the_instance_and_waits_for_the_person() {
    let (mut machine, g) = mounted("a");
    let todo = machine.step(Event::Panicked(g, "broken".into()), 0);
    assert_eq!(todo, [Report(g, Phase::Run, "broken".into()), Kill(g)]);
    assert_eq!(*machine.status(), failed(Phase::Run));
    assert_eq!(
        show(&mut machine, "a"),
        [Load(machine.generation(), Pick::Active), Arm(machine.generation(), Phase::Load)]
    );
}

#[test]
fn a_panic_while_mounting_counts_as_a_failed_attempt() {
    let mut machine = Machine::new();
    show(&mut machine, "a");
    done(&mut machine);
    done(&mut machine);
    let g = machine.generation();
    let todo = machine.step(Event::Panicked(g, "broken".into()), 0);
    assert!(todo.contains(&Kill(g)));
    assert_eq!(*machine.status(), Status::BackingOff);
}

#[test]
fn a_panic_while_leaving_ends_the_leaving() {
    let (mut machine, old) = mounted("a");
    machine.step(Event::Clear, 0);
    assert_eq!(*machine.status(), Status::Unmounting);
    let todo = machine.step(Event::Panicked(old, "broken".into()), 0);
    assert!(todo.contains(&Kill(old)));
    assert_eq!(*machine.status(), Status::Idle);
}

#[test]
fn going_elsewhere_within_a_failed_remote_tries_it_again() {
    let mut machine = Machine::new();
    show(&mut machine, "a");
    fail(&mut machine, true);
    let todo = show(&mut machine, "a");
    assert_eq!(todo[0], Load(machine.generation(), Pick::Active));
}

#[test]
fn a_replaced_version_leaves_before_the_next_is_mounted() {
    let (mut machine, old) = mounted("a");
    let todo = machine.step(Event::Replace { has_previous: false }, 0);
    let new = machine.generation();
    assert_eq!(
        todo,
        [Unmount(old), Arm(old, Phase::Unmount), Load(new, Pick::Active), Arm(new, Phase::Load)]
    );
    done(&mut machine);
    done(&mut machine);
    assert_eq!(*machine.status(), Status::Unmounting, "never two mounts of one remote");
    assert_eq!(
        machine.step(Event::Done(old), 0),
        [Discard(old), Mount(new), Arm(new, Phase::Mount)]
    );
    let mut empty = Machine::new();
    assert!(empty.step(Event::Replace { has_previous: true }, 0).is_empty());
}

#[test]
fn what_is_not_loaded_on_purpose_is_told_from_what_cannot_be() {
    for (lasting, in_load) in [(true, true), (false, true), (true, false)] {
        let mut machine = Machine::new();
        show(&mut machine, "a");
        if !in_load {
            done(&mut machine);
        }
        fail(&mut machine, lasting);
        if !lasting {
            machine.step(Event::Due(machine.generation()), 0);
            fail(&mut machine, lasting);
        }
        let refused = matches!(machine.status(), Status::Failed { refused: true, .. });
        assert_eq!(refused, lasting && in_load, "{:?}", machine.status());
    }
}
