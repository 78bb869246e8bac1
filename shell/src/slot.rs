//! The place where remotes are mounted: what it holds and what the page may ask of it.
//!
//! `machine` decides, `runner` does, one file per phase. Not here: what the page shows meanwhile
//! (`components`).

mod ahead;
mod guard;
mod host;
mod integrity;
mod load;
mod machine;
mod mount;
mod occupant;
mod prefetch;
mod runner;
mod save;
mod status;
mod timeouts;
mod unmount;
mod verify;

#[cfg(test)]
pub(crate) mod fixture;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use contract::{PageConfig, Release, RemoteState};
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::Function;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use self::guard::{Uncaught, Verdict};
use self::load::Modules;
use self::machine::{Event, Generation, Machine};
use crate::beacons::Outbox;
use crate::bus::Bus;
use crate::history::History;
use crate::preferences::Preferences;
use crate::report::Reports;
use crate::router::Place;
use crate::view::Listener;

pub(crate) use self::occupant::Occupant;
pub(crate) use self::status::{Phase, Status};
pub(crate) use self::verify::DESCRIPTOR;

/// What a slot needs of the page.
#[derive(Debug)]
pub(crate) struct Services {
    /// Topics between remotes.
    pub(crate) bus: RefCell<Bus<Listener, JsValue>>,
    /// The page's history.
    pub(crate) history: Rc<History>,
    /// Theme, locale, motion.
    pub(crate) preferences: Preferences,
    /// What went well and what did not.
    pub(crate) reports: Reports,
    /// Bases of what a developer put into this tab: unsigned, and nobody's evidence.
    pub(crate) overridden: RefCell<Vec<String>>,
    /// The same, for the gateway.
    pub(crate) outbox: Rc<Outbox>,
    /// What the gateway told this page.
    pub(crate) page: PageConfig,
}

/// Phases and what each took, in milliseconds.
pub(crate) type Timings = Vec<(&'static str, f64)>;

impl Services {
    /// Tells whether a developer put this release into the tab.
    fn overrides(&self, release: &Release) -> bool {
        self.overridden.borrow().contains(&release.base)
    }
}

type Dispatcher = dyn Fn(Generation, String, JsValue, JsValue) -> JsValue;

/// A slot.
#[derive(Debug)]
pub(crate) struct Slot {
    /// What the page offers.
    pub(crate) services: Rc<Services>,
    import: Function,
    dispatcher: Closure<Dispatcher>,
    on_change: yew::Callback<()>,
    this: Weak<Self>,
    element: RefCell<Option<Element>>,
    machine: RefCell<Machine>,
    subject: RefCell<Option<(Rc<str>, RemoteState)>>,
    occupants: RefCell<Vec<Rc<Occupant>>>,
    timers: RefCell<Vec<(Generation, Timeout)>>,
    /// `name@version` of what failed last.
    failed: RefCell<String>,
    modules: Modules,
    /// What the last mount of a remote saved when its version was replaced, by the remote's name.
    saved: RefCell<Option<(String, JsValue)>>,
    /// How long each phase of the last mount took, by the remote's name.
    timings: RefCell<Vec<(String, Timings)>>,
}

impl Slot {
    /// Makes an empty slot; `on_change` is called after each change of status.
    pub(crate) fn new(
        services: Rc<Services>,
        import: Function,
        on_change: yew::Callback<()>,
    ) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| {
            let slot = this.clone();
            let dispatcher = Closure::<Dispatcher>::new(move |generation, name: String, a, b| {
                slot.upgrade().map_or(JsValue::UNDEFINED, |slot| {
                    host::answer(&slot, generation, &name, &a, &b)
                })
            });
            Self {
                services,
                import,
                dispatcher,
                on_change,
                this: this.clone(),
                element: RefCell::default(),
                machine: RefCell::new(Machine::new()),
                subject: RefCell::default(),
                occupants: RefCell::default(),
                timers: RefCell::default(),
                failed: RefCell::default(),
                modules: Modules::default(),
                saved: RefCell::default(),
                timings: RefCell::default(),
            }
        })
    }

    /// Gives the slot its element and begins to watch for uncaught errors.
    pub(crate) fn place(self: &Rc<Self>, element: Element) {
        self.element.replace(Some(element));
        for kind in ["error", "unhandledrejection"] {
            let slot = self.clone();
            let watch = move |event: &web_sys::Event| slot.uncaught(event);
            EventListener::new(&gloo_utils::window(), kind, watch).forget();
        }
    }

    /// Shows the remote of `place`, or nothing.
    pub(crate) fn show(&self, place: Option<&Place>) {
        let other = |(name, _): &(String, JsValue)| place.is_none_or(|p| p.remote != *name);
        if self.saved.borrow().as_ref().is_some_and(other) {
            // The person went elsewhere before it could be handed over.
            self.saved.replace(None);
        }
        let Some(place) = place else {
            self.subject.replace(None);
            return self.dispatch(Event::Clear);
        };
        let remote: Rc<str> = place.remote.as_str().into();
        let has_previous = place.state.previous.is_some();
        self.subject.replace(Some((remote.clone(), place.state.clone())));
        self.dispatch(Event::Show { remote, has_previous });
    }

    /// Returns the remote and the release that stand on the page, or are on their way to it.
    pub(crate) fn holding(&self) -> Option<(String, Rc<Release>)> {
        let occupant = self.occupant(self.current())?;
        Some((occupant.name.clone(), occupant.release.clone()))
    }

    /// Returns what the phases of a remote's last mount took.
    pub(crate) fn timings(&self, name: &str) -> Timings {
        let timings = self.timings.borrow();
        timings.iter().find(|(of, _)| of == name).map(|(_, t)| t.clone()).unwrap_or_default()
    }

    /// Imports a module of the shell's own, checked.
    ///
    /// # Errors
    ///
    /// The import cannot be begun.
    pub(crate) fn import_checked(
        &self,
        url: &str,
        integrity: &str,
    ) -> Result<js_sys::Promise, JsValue> {
        self.modules.maps.require(url, integrity);
        Ok(self.import.call1(&JsValue::UNDEFINED, &url.into())?.unchecked_into())
    }

    /// Puts what is live now in the place of the remote's older version, which may hand its state over.
    pub(crate) fn replace(&self, place: &Place) {
        let Some(slot) = self.this.upgrade() else { return };
        let remote: Rc<str> = place.remote.as_str().into();
        self.subject.replace(Some((remote, place.state.clone())));
        let has_previous = place.state.previous.is_some();
        let leaving = self.occupant(self.current());
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(occupant) = leaving {
                // While the new version is on its way the old one stays on the page.
                ahead::load(&slot).await;
                let state = save::save(&occupant).await;
                slot.saved.replace(state.map(|state| (occupant.name.clone(), state)));
                if slot.current() != occupant.generation {
                    // The person went elsewhere meanwhile.
                    return;
                }
            }
            slot.dispatch(Event::Replace { has_previous });
        });
    }

    /// Fetches a remote's files ahead.
    pub(crate) fn prefetch(&self, state: &RemoteState) {
        prefetch::release(&self.modules, &state.active);
    }

    /// Returns what the slot is doing.
    pub(crate) fn status(&self) -> Status {
        self.machine.borrow().status().clone()
    }

    /// Returns `name@version` of the remote on the page.
    pub(crate) fn mounted(&self) -> Option<String> {
        let mounted = self.status() == Status::Mounted;
        self.occupant(self.current()).filter(|_| mounted).map(|occupant| occupant.label())
    }

    /// Returns what failed last and how often it has in this tab.
    pub(crate) fn blame(&self) -> (String, u32) {
        let who = self.failed.borrow().clone();
        let times = self.services.reports.failures(&who);
        (who, times)
    }

    /// Tells every live host object of a changed preference.
    pub(crate) fn describe_preferences(&self) {
        for occupant in self.occupants.borrow().iter() {
            self.services.preferences.describe(&occupant.host);
        }
    }

    fn current(&self) -> Generation {
        self.machine.borrow().generation()
    }

    fn occupant(&self, generation: Generation) -> Option<Rc<Occupant>> {
        let occupants = self.occupants.borrow();
        occupants.iter().find(|occupant| occupant.generation == generation).cloned()
    }

    fn dispatcher(&self) -> &Function {
        self.dispatcher.as_ref().unchecked_ref()
    }

    fn uncaught(&self, event: &web_sys::Event) {
        let Some(uncaught) = Uncaught::from_event(event) else { return };
        let live: Vec<_> = self.occupants.borrow().iter().cloned().collect();
        for occupant in live {
            match uncaught.verdict(&occupant.release.base) {
                Verdict::Foreign => {}
                Verdict::Note => {
                    self.services.reports.failed("promise", &occupant.label(), &uncaught.message);
                }
                Verdict::Dead => self.dispatch(Event::Panicked(
                    occupant.generation,
                    uncaught.message.as_str().into(),
                )),
            }
        }
    }
}
