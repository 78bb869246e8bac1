//! What a developer changes in this tab only: overrides, the previous version, a fresh mount.
//!
//! Not here: where overrides are kept (`overrides`), the panel (`devtools`).

use std::rc::Rc;

use contract::Manifest;
use wasm_bindgen_futures::spawn_local;

use super::Site;
use crate::components::Notice;
use crate::overrides::{self, Override};
use crate::router::resolve;
use crate::slot::Slot;

impl Site {
    pub(super) async fn load_overrides(&self) {
        let loaded = overrides::load(&self.services.page).await;
        let bases = loaded.iter().filter_map(|one| Some(one.release.as_ref().ok()?.base.clone()));
        self.services.overridden.replace(bases.collect());
        self.overrides.replace(loaded);
    }

    /// Sets or, without a URL, ends the override of a remote in this tab.
    pub(crate) fn set_override(&self, name: &str, url: &str) {
        overrides::set(name, url);
        let Some(site) = self.this.upgrade() else { return };
        spawn_local(async move {
            site.load_overrides().await;
            site.bend();
        });
    }

    /// Puts the previous version of a remote into this tab, and the active one back the next time.
    pub(crate) fn force_previous(&self, name: &str) {
        let mut forced = self.forced.borrow_mut();
        let before = forced.len();
        forced.retain(|other| other != name);
        if forced.len() == before {
            forced.push(name.to_owned());
        }
        drop(forced);
        self.bend();
    }

    /// Mounts what is on the page anew.
    pub(crate) fn reload(&self) {
        if let Some(place) = self.place.borrow().as_ref() {
            self.slot.replace(place);
        }
    }

    /// Applies what a developer changed in this tab.
    fn bend(&self) {
        let Some(raw) = self.raw() else { return };
        let manifest = self.take(raw);
        let place = resolve(&manifest, &self.location());
        let held = self.slot.holding();
        match (held, &place) {
            (Some((remote, release)), Some(place)) if remote == place.remote => {
                self.place.replace(Some(place.clone()));
                if *release != place.state.active {
                    self.slot.replace(place);
                }
            }
            _ => self.route(true),
        }
        self.refresh();
    }

    /// Returns the manifest as it was read.
    pub(crate) fn raw(&self) -> Option<Rc<Manifest>> {
        self.raw.borrow().clone()
    }

    /// Returns the session's bucket.
    pub(crate) fn bucket(&self) -> u16 {
        self.services.page.bucket
    }

    /// Returns the slot.
    pub(crate) fn slot(&self) -> &Slot {
        &self.slot
    }

    /// Returns the remote whose page this is.
    pub(crate) fn here(&self) -> Option<String> {
        self.place.borrow().as_ref().map(|place| place.remote.clone())
    }

    /// Tells whether a developer asked for another copy of the remote, whether or not it can be had.
    pub(crate) fn has_override(&self, name: &str) -> bool {
        self.overrides.borrow().iter().any(|one| one.name == name)
    }

    /// Tells whether a developer's copy stands in for the remote.
    pub(crate) fn is_overridden(&self, name: &str) -> bool {
        self.overrides.borrow().iter().any(|one| one.name == name && one.release.is_ok())
    }

    pub(super) fn notices(&self) -> Rc<[Notice]> {
        let notice = |Override { name, url, release }: &Override| Notice {
            name: name.clone().into(),
            url: url.clone().into(),
            problem: release.as_ref().err().map(|problem| problem.clone().into()),
        };
        self.overrides.borrow().iter().map(notice).collect()
    }
}
