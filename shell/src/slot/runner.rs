//! Does what the state machine asks for. Not here: asking.

use std::rc::Rc;

use contract::{Release, lifecycle};
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;

use super::machine::{Effect, Event, Failure, Generation, Pick};
use super::{Occupant, Phase, Slot, Status, host, load, mount, timeouts, unmount};

impl Slot {
    /// Lets the machine take an event and does what it asks for.
    pub(super) fn dispatch(&self, event: Event) {
        let jitter = (js_sys::Math::random() * 1000.0) as u32;
        let todo = self.machine.borrow_mut().step(event, jitter);
        for effect in todo {
            self.carry_out(effect);
        }
        self.on_change.emit(());
    }

    fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::Load(generation, pick) => self.load(generation, pick),
            Effect::Bootstrap(generation) => {
                self.run(generation, async |occupant, _| mount::bootstrap(&occupant).await);
            }
            Effect::Mount(generation) => self.mount(generation),
            Effect::Reveal(generation) => self.reveal(generation),
            Effect::Unmount(generation) => {
                if let Some(occupant) = self.occupant(generation) {
                    occupant.remove();
                }
                self.services.bus.borrow_mut().forget(generation);
                self.run(generation, async |occupant, _| unmount::unmount(&occupant).await);
            }
            Effect::Discard(generation) => self.discard(generation),
            Effect::Kill(generation) => {
                if let Some(occupant) = self.occupant(generation) {
                    occupant.kill();
                }
                self.discard(generation);
            }
            Effect::Arm(generation, phase) => {
                let occupant = self.occupant(generation);
                let wish = occupant.and_then(|occupant| {
                    occupant.mark(phase.name());
                    occupant.wish(phase.name())
                });
                self.arm(generation, timeouts::deadline(phase, wish));
            }
            Effect::Wait(generation, millis) => self.arm(generation, millis),
            Effect::Disarm(generation) => self.disarm(generation),
            Effect::Report(generation, phase, message) => {
                let Some(occupant) = self.occupant(generation) else { return };
                if phase == Phase::Load {
                    self.modules.failed(&occupant.release);
                }
                self.services.reports.failed(phase.name(), &occupant.label(), &message);
                self.tell_of(&occupant, phase, &message);
                self.failed.replace(occupant.label());
            }
        }
    }

    /// Tells the gateway of a version that was given up; one that is tried again is not.
    fn tell_of(&self, occupant: &Occupant, phase: Phase, message: &str) {
        let kind = match (phase, self.machine.borrow().status()) {
            (Phase::Unmount, _) | (_, Status::BackingOff) => return,
            (Phase::Run, _) => lifecycle::report::PANICKED,
            _ => lifecycle::report::FAILED,
        };
        self.send(occupant, kind, phase.name(), message);
    }

    fn send(&self, occupant: &Occupant, kind: &str, phase: &str, message: &str) {
        if self.services.overrides(&occupant.release) {
            return;
        }
        let who = (&*occupant.name, &*occupant.release.version);
        self.services.outbox.put(who, kind, phase, message);
    }

    /// Turns the marks of a mount into what each phase took.
    fn keep_timings(&self, occupant: &Occupant) {
        occupant.mark("");
        let marks = occupant.marks.take();
        let took = marks.iter().zip(marks.iter().skip(1));
        let took = took.map(|((what, from), (_, to))| (*what, to - from)).collect();
        let mut timings = self.timings.borrow_mut();
        timings.retain(|(name, _)| *name != occupant.name);
        timings.push((occupant.name.clone(), took));
    }

    fn load(&self, generation: Generation, pick: Pick) {
        let Some((name, release)) = self.release(pick) else { return };
        let element = self.element.borrow().clone();
        let host = host::object(self, generation);
        let saved = self.saved.borrow().clone();
        let restored = saved.filter(|(remote, _)| **remote == *name).map(|(_, state)| state);
        let occupant = element.and_then(|place| {
            Occupant::new(generation, &name, release, &place, host, restored.as_ref())
        });
        let Some(occupant) = occupant else { return };
        host::single_spa(self, generation, &occupant.host, &occupant.props);
        self.occupants.borrow_mut().push(Rc::new(occupant));
        self.run(generation, async |occupant, slot| {
            let loading = load::load(&slot, &occupant);
            let module = loading.await?;
            occupant.module.replace(Some(module));
            Ok(())
        });
    }

    pub(super) fn release(&self, pick: Pick) -> Option<(Rc<str>, Rc<Release>)> {
        let subject = self.subject.borrow();
        let (name, state) = subject.as_ref()?;
        let release = match pick {
            Pick::Active => &state.active,
            Pick::Previous => state.previous.as_ref()?,
        };
        Some((name.clone(), Rc::new(release.clone())))
    }

    fn mount(&self, generation: Generation) {
        let Some(slot) = self.this.upgrade() else { return };
        let Some(occupant) = self.occupant(generation) else { return };
        spawn_local(async move {
            let result = mount::mount(&occupant).await;
            slot.settle(generation, result);
            // Too late, or failed half-way: what it made must still be undone.
            if slot.occupant(generation).is_none() {
                let _ = unmount::unmount(&occupant).await;
            }
        });
    }

    fn reveal(&self, generation: Generation) {
        let Some(occupant) = self.occupant(generation) else { return };
        let _ = occupant.element.class_list().remove_1("is-pending");
        self.saved.replace(None);
        self.keep_timings(&occupant);
        self.services.reports.note(lifecycle::report::MOUNTED, &occupant.label(), "");
        self.send(&occupant, lifecycle::report::MOUNTED, "", "");
    }

    /// Runs a phase and tells the machine how it ended.
    fn run(
        &self,
        generation: Generation,
        phase: impl AsyncFnOnce(Rc<Occupant>, Rc<Self>) -> Result<(), Failure> + 'static,
    ) {
        let Some(slot) = self.this.upgrade() else { return };
        let Some(occupant) = self.occupant(generation) else { return };
        spawn_local(async move {
            let result = phase(occupant, slot.clone()).await;
            slot.settle(generation, result);
        });
    }

    fn settle(&self, generation: Generation, result: Result<(), Failure>) {
        self.dispatch(match result {
            Ok(()) => Event::Done(generation),
            Err(failure) => Event::Failed(generation, failure),
        });
    }

    fn discard(&self, generation: Generation) {
        self.disarm(generation);
        self.services.bus.borrow_mut().forget(generation);
        if let Some(occupant) = self.occupant(generation) {
            occupant.remove();
        }
        self.occupants.borrow_mut().retain(|occupant| occupant.generation != generation);
    }

    fn arm(&self, generation: Generation, millis: u32) {
        self.disarm(generation);
        let slot = self.this.clone();
        let timer = Timeout::new(millis, move || {
            if let Some(slot) = slot.upgrade() {
                slot.dispatch(Event::Due(generation));
            }
        });
        self.timers.borrow_mut().push((generation, timer));
    }

    fn disarm(&self, generation: Generation) {
        self.timers.borrow_mut().retain(|(armed, _)| *armed != generation);
    }
}
