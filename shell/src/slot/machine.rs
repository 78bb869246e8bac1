//! The slot's state machine: from a state and an event to the next state and what is to be done.
//!
//! Pure: no clock, no chance, no DOM. A *generation* numbers each attempt to put something on the
//! page, so that whatever a given-up attempt still says is known to be late. Not here: doing it.

use std::rc::Rc;

use super::status::{Phase, Status};
use super::timeouts::{ATTEMPTS, backoff};

/// Numbers attempts from 1.
pub(crate) type Generation = u32;

/// Which release of a remote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// What everybody gets.
    Active,
    /// The fallback.
    Previous,
}

/// Why a phase failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// For people.
    pub(crate) message: Rc<str>,
    /// Trying the same release again cannot help.
    pub(crate) lasting: bool,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The location belongs to `remote`.
    Show {
        /// The remote's name.
        remote: Rc<str>,
        /// The manifest names a release to fall back to.
        has_previous: bool,
    },
    /// The remote on the page must make way for another version of itself.
    Replace {
        /// The manifest names a release to fall back to.
        has_previous: bool,
    },
    /// The location belongs to nobody.
    Clear,
    /// The running phase is over.
    Done(Generation),
    /// The running phase failed.
    Failed(Generation, Failure),
    /// The armed timer fired.
    Due(Generation),
    /// The instance is dead.
    Panicked(Generation, Rc<str>),
}

/// What is to be done, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Make a host element; fetch and import.
    Load(Generation, Pick),
    /// Call `bootstrap`.
    Bootstrap(Generation),
    /// Call `mount`.
    Mount(Generation),
    /// Show the element and tell of success.
    Reveal(Generation),
    /// Take the element off the page and call `unmount`.
    Unmount(Generation),
    /// Drop the element and all that was made for it.
    Discard(Generation),
    /// As `Discard`, and never call the instance again.
    Kill(Generation),
    /// Fire `Due` at the phase's deadline, in place of any earlier timer of the generation.
    Arm(Generation, Phase),
    /// Fire `Due` after so many milliseconds.
    Wait(Generation, u32),
    /// Drop the timer.
    Disarm(Generation),
    /// Tell of a failure.
    Report(Generation, Phase, Rc<str>),
}

#[derive(Clone, Debug)]
struct Goal {
    remote: Rc<str>,
    has_previous: bool,
    pick: Pick,
    attempt: u32,
}

#[derive(Debug)]
struct Leaving {
    generation: Generation,
    remote: Rc<str>,
}

/// The state of a slot.
#[derive(Debug)]
pub(crate) struct Machine {
    generation: Generation,
    status: Status,
    goal: Option<Goal>,
    leaving: Vec<Leaving>,
}

impl Machine {
    /// Returns the machine of an empty slot.
    pub(crate) fn new() -> Self {
        Self { generation: 0, status: Status::Idle, goal: None, leaving: Vec::new() }
    }

    /// Returns what the slot is doing.
    pub(crate) fn status(&self) -> &Status {
        &self.status
    }

    /// Returns the attempt that the page is for; older ones are leaving or forgotten.
    pub(crate) fn generation(&self) -> Generation {
        self.generation
    }

    /// Takes an event; `jitter` is 0–1000. Returns what is to be done.
    pub(crate) fn step(&mut self, event: Event, jitter: u32) -> Vec<Effect> {
        let mut todo = Vec::new();
        match event {
            Event::Show { remote, has_previous } => self.show(remote, has_previous, &mut todo),
            Event::Replace { has_previous } => self.replace(has_previous, &mut todo),
            Event::Clear => self.clear(&mut todo),
            Event::Done(generation) if generation == self.generation => self.advance(&mut todo),
            Event::Failed(generation, failure) if generation == self.generation => {
                todo.push(Effect::Discard(generation));
                self.fail(&failure, jitter, &mut todo);
            }
            Event::Due(generation) if generation == self.generation => self.due(jitter, &mut todo),
            Event::Panicked(generation, message) if generation == self.generation => {
                todo.push(Effect::Kill(generation));
                self.fail(&Failure { message, lasting: false }, jitter, &mut todo);
            }
            Event::Done(generation) => self.left(generation, None, &mut todo),
            Event::Failed(generation, failure) => {
                self.left(generation, Some(failure.message), &mut todo);
            }
            Event::Due(generation) => self.left(generation, Some(late()), &mut todo),
            Event::Panicked(generation, message) => {
                todo.push(Effect::Kill(generation));
                self.left(generation, Some(message), &mut todo);
            }
        }
        todo
    }

    fn show(&mut self, remote: Rc<str>, has_previous: bool, todo: &mut Vec<Effect>) {
        let same = self.goal.as_ref().is_some_and(|goal| goal.remote == remote);
        if same && !matches!(self.status, Status::Failed { .. }) {
            return;
        }
        self.leave(todo);
        self.goal = Some(Goal { remote, has_previous, pick: Pick::Active, attempt: 1 });
        self.load(todo);
    }

    fn replace(&mut self, has_previous: bool, todo: &mut Vec<Effect>) {
        let Some(goal) = &self.goal else { return };
        let remote = goal.remote.clone();
        self.leave(todo);
        self.goal = Some(Goal { remote, has_previous, pick: Pick::Active, attempt: 1 });
        self.load(todo);
    }

    fn clear(&mut self, todo: &mut Vec<Effect>) {
        self.leave(todo);
        self.goal = None;
        self.status = if self.leaving.is_empty() { Status::Idle } else { Status::Unmounting };
    }

    fn load(&mut self, todo: &mut Vec<Effect>) {
        let Some(goal) = &self.goal else { return };
        self.generation += 1;
        self.status = Status::Loading;
        todo.push(Effect::Load(self.generation, goal.pick));
        todo.push(Effect::Arm(self.generation, Phase::Load));
    }

    /// Gives up the current attempt. An unsettled mount is not waited for: it may never settle.
    fn leave(&mut self, todo: &mut Vec<Effect>) {
        match self.status {
            Status::Idle | Status::Failed { .. } => {}
            Status::Mounted => {
                let Some(goal) = self.goal.take() else { return };
                let generation = self.generation;
                self.leaving.push(Leaving { generation, remote: goal.remote });
                todo.push(Effect::Unmount(generation));
                todo.push(Effect::Arm(generation, Phase::Unmount));
            }
            Status::Loading
            | Status::BackingOff
            | Status::Bootstrapping
            | Status::Mounting
            | Status::Unmounting => todo.push(Effect::Discard(self.generation)),
        }
        // What the given-up attempt still says is late from now on.
        self.generation += 1;
    }

    fn advance(&mut self, todo: &mut Vec<Effect>) {
        match self.status {
            Status::Loading => {
                self.status = Status::Bootstrapping;
                todo.push(Effect::Bootstrap(self.generation));
                todo.push(Effect::Arm(self.generation, Phase::Bootstrap));
            }
            Status::Bootstrapping => {
                todo.push(Effect::Disarm(self.generation));
                self.mount(todo);
            }
            Status::Mounting => {
                self.status = Status::Mounted;
                todo.push(Effect::Disarm(self.generation));
                todo.push(Effect::Reveal(self.generation));
            }
            Status::Idle
            | Status::BackingOff
            | Status::Mounted
            | Status::Unmounting
            | Status::Failed { .. } => {}
        }
    }

    /// Mounts, but never beside an earlier mount of the same remote: single-spa's applications
    /// count on being unmounted first.
    fn mount(&mut self, todo: &mut Vec<Effect>) {
        let Some(goal) = &self.goal else { return };
        if self.leaving.iter().any(|leaving| leaving.remote == goal.remote) {
            self.status = Status::Unmounting;
            return;
        }
        self.status = Status::Mounting;
        todo.push(Effect::Mount(self.generation));
        todo.push(Effect::Arm(self.generation, Phase::Mount));
    }

    fn due(&mut self, jitter: u32, todo: &mut Vec<Effect>) {
        match self.status {
            Status::BackingOff => self.load(todo),
            Status::Loading | Status::Bootstrapping | Status::Mounting => {
                todo.push(Effect::Discard(self.generation));
                self.fail(&Failure { message: late(), lasting: false }, jitter, todo);
            }
            Status::Idle | Status::Mounted | Status::Unmounting | Status::Failed { .. } => {}
        }
    }

    fn fail(&mut self, failure: &Failure, jitter: u32, todo: &mut Vec<Effect>) {
        let Some(phase) = self.phase() else { return };
        let Some(goal) = &mut self.goal else { return };
        todo.insert(0, Effect::Report(self.generation, phase, failure.message.clone()));
        let running = phase == Phase::Run;
        if !running && goal.pick == Pick::Active && goal.attempt < ATTEMPTS && !failure.lasting {
            goal.attempt += 1;
            self.generation += 1;
            self.status = Status::BackingOff;
            todo.push(Effect::Wait(self.generation, backoff(goal.attempt, jitter)));
        } else if !running && goal.pick == Pick::Active && goal.has_previous {
            goal.pick = Pick::Previous;
            self.load(todo);
        } else {
            // A remote that worked and then broke is not started again behind the person's back.
            self.generation += 1;
            let refused = failure.lasting && phase == Phase::Load;
            self.status = Status::Failed { phase, message: failure.message.clone(), refused };
        }
    }

    fn phase(&self) -> Option<Phase> {
        match self.status {
            Status::Loading => Some(Phase::Load),
            Status::Bootstrapping => Some(Phase::Bootstrap),
            Status::Mounting => Some(Phase::Mount),
            Status::Mounted => Some(Phase::Run),
            Status::Idle | Status::BackingOff | Status::Unmounting | Status::Failed { .. } => None,
        }
    }

    fn left(&mut self, generation: Generation, failure: Option<Rc<str>>, todo: &mut Vec<Effect>) {
        let before = self.leaving.len();
        self.leaving.retain(|leaving| leaving.generation != generation);
        if self.leaving.len() == before {
            return;
        }
        if let Some(message) = failure {
            todo.insert(0, Effect::Report(generation, Phase::Unmount, message));
        }
        todo.push(Effect::Discard(generation));
        match (&self.status, &self.goal) {
            (Status::Unmounting, Some(_)) => self.mount(todo),
            (Status::Unmounting, None) if self.leaving.is_empty() => self.status = Status::Idle,
            _ => {}
        }
    }
}

fn late() -> Rc<str> {
    "it took too long".into()
}

#[cfg(test)]
mod tests;
