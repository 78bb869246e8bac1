//! The page as a whole: joins manifest, history, slot, title, focus and preferences.
//!
//! Policy lives in the modules that it joins; rendering lives in `app`.

mod tab;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use contract::{Manifest, best_match, topics};
use gloo_timers::callback::Timeout;
use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, FocusOptions, HtmlElement};
use yew::{AttrValue, Callback};

use crate::bus::{self, Bus};
use crate::components::trouble;
use crate::history::{History, Move};
use crate::overrides::Override;
use crate::preferences::{Preferences, Theme};
use crate::report::Reports;
use crate::router::{NavItem, Place, navigation, path_of, resolve};
use crate::slot::{Services, Slot, Status};
use crate::title::document_title;
use crate::view::{Listener, Page, View};
use crate::{follow, js, links, manifest, page};

/// Milliseconds that a remote has to name its page before the route's title is read out.
const NAMING: u32 = 700;

#[derive(Debug, Default)]
enum Reading {
    #[default]
    Running,
    Ready(Rc<Manifest>),
    Failed(String),
}

/// The page.
#[derive(Debug)]
pub(crate) struct Site {
    services: Rc<Services>,
    slot: Rc<Slot>,
    this: Weak<Self>,
    /// As it was read.
    raw: RefCell<Option<Rc<Manifest>>>,
    /// As this tab lives it.
    manifest: RefCell<Reading>,
    /// The newest revision that the server told of.
    heard: Cell<u64>,
    overrides: RefCell<Vec<Override>>,
    /// Remotes that a developer forced back to their previous version.
    forced: RefCell<Vec<String>>,
    nav: RefCell<Rc<[NavItem]>>,
    place: RefCell<Option<Place>>,
    title: RefCell<String>,
    announcement: RefCell<(u32, AttrValue)>,
    /// The version that a withdrawn one makes way for, until it is on the page.
    awaited: RefCell<Option<String>>,
    /// Runs while a new page has not been read out.
    arriving: RefCell<Option<Timeout>>,
    on_view: RefCell<Callback<View>>,
}

impl Site {
    /// Makes the page; `import` loads an ES module by URL.
    pub(crate) fn new(import: Function) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| {
            let services = Rc::new(Services {
                bus: RefCell::new(Bus::new()),
                history: History::new(),
                preferences: Preferences::new(),
                reports: Reports::default(),
                overridden: RefCell::default(),
                outbox: Rc::default(),
                page: page::read(),
            });
            let site = this.clone();
            let on_change = Callback::from(move |()| {
                if let Some(site) = site.upgrade() {
                    site.settle_awaited();
                    site.refresh();
                }
            });
            Self {
                slot: Slot::new(services.clone(), import, on_change),
                services,
                this: this.clone(),
                raw: RefCell::default(),
                manifest: RefCell::default(),
                heard: Cell::default(),
                overrides: RefCell::default(),
                forced: RefCell::default(),
                nav: RefCell::default(),
                place: RefCell::default(),
                title: RefCell::default(),
                announcement: RefCell::default(),
                awaited: RefCell::default(),
                arriving: RefCell::default(),
                on_view: RefCell::default(),
            }
        })
    }

    /// Begins: `element` is the slot's, `on_view` gets every new view.
    pub(crate) fn start(self: &Rc<Self>, element: Element, on_view: Callback<View>) {
        self.on_view.replace(on_view);
        self.slot.place(element);
        let site = self.clone();
        self.services.history.listen(Callback::from(move |step: Move| site.moved(&step)));
        links::listen(self);
        let site = self.clone();
        self.services.preferences.watch(move |theme| site.prefer(theme));
        self.hear(topics::TITLE, "title", Self::named);
        self.hear(topics::ANNOUNCE, "message", Self::announce);
        self.services.outbox.watch();
        self.read();
        let site = self.clone();
        follow::follow(Callback::from(move |news| site.look(news)));
    }

    /// Reads the manifest, again after a failure, and shows what the location asks for.
    pub(crate) fn read(&self) {
        let Some(site) = self.this.upgrade() else { return };
        self.manifest.replace(Reading::Running);
        self.refresh();
        spawn_local(async move {
            site.load_overrides().await;
            match manifest::read().await {
                Ok(manifest) => {
                    site.take(Rc::new(manifest));
                    site.route(true);
                    // It may be newer than what was just read.
                    site.look(Some(site.heard.get()));
                }
                Err(error) => {
                    site.manifest.replace(Reading::Failed(error));
                }
            }
            site.refresh();
        });
    }

    /// Reads the manifest again if there may be a newer one. A page that works is never disturbed by not
    /// being able to.
    fn look(&self, news: Option<u64>) {
        if let Some(revision) = news {
            self.heard.set(self.heard.get().max(revision));
        }
        let Some(known) = self.manifest() else { return };
        let Some(site) = self.this.upgrade() else { return };
        if news.is_some_and(|revision| revision <= known.revision) {
            return;
        }
        spawn_local(async move {
            if let Ok(manifest) = manifest::read().await
                && site.manifest().is_some_and(|known| known.revision < manifest.revision)
            {
                site.renew(manifest);
            }
        });
    }

    /// Takes a new revision over. What is on the page stays, unless its version was withdrawn.
    fn renew(&self, manifest: Manifest) {
        let manifest = self.take(Rc::new(manifest));
        let place = resolve(&manifest, &self.location());
        let gone = self.slot.holding().filter(|(remote, release)| {
            let state = manifest.remotes.get(remote);
            state.is_none_or(|state| state.is_withdrawn(&release.version))
        });
        match (gone, &place) {
            (Some((remote, _)), Some(place)) if place.remote == remote => {
                self.place.replace(Some(place.clone()));
                self.awaited.replace(Some(place.state.active.version.clone()));
                self.slot.replace(place);
            }
            (Some(_), _) => self.route(true),
            // What failed may be mended by the new revision.
            (None, _) if matches!(self.slot.status(), Status::Failed { .. }) => self.route(true),
            (None, _) => {}
        }
        self.refresh();
    }

    /// Says that a remote was updated, once it has been.
    fn settle_awaited(&self) {
        let Some(version) = self.awaited.borrow().clone() else { return };
        let status = self.slot.status();
        let held = self.slot.holding().filter(|(_, release)| release.version == version);
        if status == Status::Mounted && held.is_some() {
            self.awaited.replace(None);
            let title = self.title.borrow().clone();
            self.announce(&[&title, " was updated"].concat());
        } else if matches!(status, Status::Failed { .. } | Status::Idle) {
            self.awaited.replace(None);
        }
    }

    /// Makes the manifest of this tab of the one that was read, and keeps both.
    fn take(&self, raw: Rc<Manifest>) -> Rc<Manifest> {
        let settled = manifest::settled((*raw).clone(), self.bucket());
        let bent = manifest::bent(settled, &self.forced.borrow(), &self.overrides.borrow());
        let manifest = Rc::new(bent);
        self.raw.replace(Some(raw));
        self.nav.replace(navigation(&manifest).into());
        self.manifest.replace(Reading::Ready(manifest.clone()));
        manifest
    }

    /// Returns the manifest, once it is read.
    pub(crate) fn manifest(&self) -> Option<Rc<Manifest>> {
        match &*self.manifest.borrow() {
            Reading::Ready(manifest) => Some(manifest.clone()),
            Reading::Running | Reading::Failed(_) => None,
        }
    }

    /// Returns the page's path and query.
    pub(crate) fn location(&self) -> String {
        self.services.history.location()
    }

    /// Goes to a path of this site.
    pub(crate) fn navigate(&self, path: &str) {
        self.services.history.navigate(path, false);
    }

    /// Fetches ahead whatever answers `path`, unless it is on the page.
    pub(crate) fn prefetch(&self, path: &str) {
        let Some(manifest) = self.manifest() else { return };
        let Some(found) = best_match(&manifest, path) else { return };
        let here = self.place.borrow().as_ref().is_some_and(|place| place.remote == found.remote);
        if let Some(state) = manifest.remotes.get(found.remote).filter(|_| !here) {
            self.slot.prefetch(state);
        }
    }

    /// Tries the failed remote again, as it is live by now.
    pub(crate) fn retry(&self) {
        if matches!(self.slot.status(), Status::Failed { .. }) {
            self.route(true);
        }
    }

    /// Turns to the next theme.
    pub(crate) fn turn_theme(&self) {
        self.prefer(Some(self.services.preferences.theme().next()));
    }

    fn prefer(&self, theme: Option<Theme>) {
        if let Some(theme) = theme {
            self.services.preferences.choose(theme);
        }
        self.slot.describe_preferences();
        self.slot.publish(bus::PREFERENCE, &self.services.preferences.message());
        self.refresh();
    }

    fn moved(&self, step: &Move) {
        // A remote that tells its page's address more precisely is still at the same page: the focus stays.
        let new_page = path_of(&step.from) != path_of(&step.to)
            && !(step.replaced && self.is_of_held(&step.to));
        if new_page {
            focus_main();
        }
        self.route(new_page);
        if new_page {
            let site = self.this.clone();
            let timer = Timeout::new(NAMING, move || {
                if let Some(site) = site.upgrade() {
                    site.arrived();
                }
            });
            self.arriving.replace(Some(timer));
        }
        // After the slot: a remote that is leaving does not hear of the next one's location.
        self.slot.publish(bus::LOCATION, &step.to.as_str().into());
        self.refresh();
    }

    /// Tells whether a path is of the remote that is on the page.
    fn is_of_held(&self, path: &str) -> bool {
        let Some(manifest) = self.manifest() else { return false };
        let remote = resolve(&manifest, path).map(|place| place.remote);
        remote.zip(self.slot.holding()).is_some_and(|(remote, (held, _))| remote == held)
    }

    /// Shows what the location asks for; a new page is called by its route until it names itself.
    fn route(&self, new_page: bool) {
        let Some(manifest) = self.manifest() else { return };
        let mut place = resolve(&manifest, &self.location());
        if new_page {
            self.entitle(place.as_ref().map_or("Page not found", |place| &place.title));
        }
        let held = self.slot.holding();
        let stays =
            place.as_ref().zip(held).is_some_and(|(place, (remote, _))| place.remote == remote);
        let old = self.place.take();
        if let (Some(place), Some(old), true) = (&mut place, &old, stays && !new_page) {
            // A newer version is not noted before it is on the page, or the next page would not see it.
            place.state = old.state.clone();
        }
        self.place.replace(place.clone());
        let changed = |new: &Place| {
            old.is_some_and(|old| old.state.active.version != new.state.active.version)
        };
        match (stays, &place) {
            // Within a page nothing changes under the person's hands; the next page may be a newer version.
            (true, Some(place)) if new_page && changed(place) => self.slot.replace(place),
            _ => self.slot.show(place.as_ref()),
        }
    }

    fn named(&self, title: &str) {
        self.entitle(title);
        if self.arriving.take().is_some() {
            self.announce(title);
        }
    }

    fn arrived(&self) {
        self.arriving.take();
        let title = self.title.borrow().clone();
        self.announce(&title);
    }

    fn entitle(&self, title: &str) {
        self.title.replace(title.to_owned());
        gloo_utils::document().set_title(&document_title(title));
    }

    fn announce(&self, message: &str) {
        let count = self.announcement.borrow().0 + 1;
        self.announcement.replace((count, message.to_owned().into()));
        self.refresh();
    }

    /// Subscribes the shell to a topic whose value has one text that matters.
    fn hear(self: &Rc<Self>, topic: &str, key: &'static str, act: fn(&Self, &str)) {
        let site = self.clone();
        let callback = Callback::from(move |value: JsValue| {
            if let Some(text) = js::text(&value, key) {
                act(&site, &text);
            }
        });
        let listener = Listener::Shell(callback);
        self.services.bus.borrow_mut().subscribe(bus::SHELL, topic, listener);
    }

    fn refresh(&self) {
        let on_view = self.on_view.borrow().clone();
        on_view.emit(self.view());
    }

    fn view(&self) -> View {
        let revision = self.manifest().map(|manifest| manifest.revision.to_string().into());
        View {
            page: self.page(),
            nav: self.nav.borrow().clone(),
            path: path_of(&self.location()).to_owned().into(),
            theme: self.services.preferences.theme(),
            announcement: self.announcement.borrow().clone(),
            revision,
            mounted: self.slot.mounted().map(Into::into),
            overrides: self.notices(),
        }
    }

    fn page(&self) -> Page {
        match (&*self.manifest.borrow(), &*self.place.borrow()) {
            (Reading::Running, _) => Page::Reading,
            (Reading::Failed(reason), _) => Page::Unreadable(reason.clone().into()),
            (Reading::Ready(_), None) => Page::Missing,
            (Reading::Ready(_), Some(place)) => {
                let title = place.title.clone().into();
                match self.slot.status() {
                    Status::Failed { phase, message, refused } => {
                        let (who, times) = self.slot.blame();
                        let reason = trouble::reason(&who, phase, &message, times);
                        Page::Broken { title, phase, refused, reason }
                    }
                    status => Page::Remote { busy: status.is_busy() },
                }
            }
        }
    }
}

/// Moves the focus to the new page, so that a screen reader and the tab key begin there.
fn focus_main() {
    let main = gloo_utils::document().get_element_by_id("main");
    if let Some(main) = main.and_then(|main| main.dyn_into::<HtmlElement>().ok()) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = main.focus_with_options(&options);
    }
}
