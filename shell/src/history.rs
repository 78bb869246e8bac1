//! The page's history. The host owns it: remotes ask, and are told.
//!
//! Not here: what a location means (`router`), which clicks count (`links`).

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use web_sys::{Url, Window};
use yew::Callback;

use crate::scroll::{Scroll, state};

/// A change of the location, path and query.
#[derive(Clone, Debug)]
pub(crate) struct Move {
    /// Where the page was.
    pub(crate) from: String,
    /// Where it is.
    pub(crate) to: String,
    /// The same entry of the history, told more precisely.
    pub(crate) replaced: bool,
}

/// The browser's history and scroll position of this tab.
#[derive(Debug)]
pub(crate) struct History {
    location: RefCell<String>,
    scroll: Scroll,
    on_move: RefCell<Callback<Move>>,
}

impl History {
    /// Reads where the page is.
    pub(crate) fn new() -> Rc<Self> {
        let location = RefCell::new(read(&gloo_utils::window()));
        let on_move = RefCell::new(Callback::noop());
        Rc::new(Self { location, scroll: Scroll::new(), on_move })
    }

    /// Tells of every move from now on, and restores the position of a reloaded page.
    pub(crate) fn listen(self: &Rc<Self>, on_move: Callback<Move>) {
        self.on_move.replace(on_move);
        self.scroll.listen();
        self.scroll.restore();
        let history = self.clone();
        let window = gloo_utils::window();
        EventListener::new(&window, "popstate", move |_| history.popped()).forget();
    }

    /// Returns the page's path and query.
    pub(crate) fn location(&self) -> String {
        self.location.borrow().clone()
    }

    /// Goes to a path of this site: to its top, unless it only replaces the current entry.
    pub(crate) fn navigate(&self, path: &str, replace: bool) {
        let window = gloo_utils::window();
        let Some((url, hash)) = within_site(&window, path) else {
            web_sys::console::warn_1(&["not a path of this site: ", path].concat().into());
            return;
        };
        let Ok(history) = window.history() else { return };
        let address = [url.as_str(), &hash].concat();
        let same = url == *self.location.borrow();
        let result = if replace || same {
            let kept = history.state().unwrap_or_default();
            history.replace_state_with_url(&kept, "", Some(&address))
        } else {
            self.scroll.keep();
            history.push_state_with_url(&state(0.0), "", Some(&address))
        };
        if result.is_err() {
            // Browsers limit how often a page may do this.
            web_sys::console::warn_1(&["the browser refused to go to ", path].concat().into());
            return;
        }
        if !replace {
            self.scroll.top();
        }
        self.arrive(url, replace);
    }

    fn popped(&self) {
        let here = read(&gloo_utils::window());
        if here == *self.location.borrow() {
            // Another hash of the same page.
            return;
        }
        self.scroll.hold();
        self.arrive(here, false);
        self.scroll.restore();
    }

    fn arrive(&self, to: String, replaced: bool) {
        let from = self.location.replace(to.clone());
        if from != to {
            let on_move = self.on_move.borrow().clone();
            on_move.emit(Move { from, to, replaced });
        }
    }
}

fn read(window: &Window) -> String {
    let location = window.location();
    [location.pathname().unwrap_or_default(), location.search().unwrap_or_default()].concat()
}

/// Resolves `path` as a link would be; returns path and query, and the hash.
fn within_site(window: &Window, path: &str) -> Option<(String, String)> {
    let location = window.location();
    let url = Url::new_with_base(path, &location.href().ok()?).ok()?;
    let own = url.origin() == location.origin().ok()?;
    own.then(|| ([url.pathname(), url.search()].concat(), url.hash()))
}
