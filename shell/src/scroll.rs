//! Scroll positions: kept in `history.state`, restored when the content is tall enough again.
//!
//! The browser's own restoring comes too early here: a remote's content arrives after the event.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use js_sys::Object;
use wasm_bindgen::JsValue;
use web_sys::ScrollRestoration;

use crate::js;

/// The key in `history.state`.
const KEY: &str = "scroll";

/// Milliseconds without scrolling before the position is kept.
const QUIET: u32 = 120;
/// Milliseconds between two looks at the page's height, and how many looks there are: two seconds.
const LOOK: u32 = 50;
const LOOKS: u32 = 40;

/// Makes the state of a history entry.
pub(crate) fn state(top: f64) -> JsValue {
    let state = Object::new();
    js::set(&state, KEY, &top.into());
    state.into()
}

/// The scroll position of this tab.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scroll(Rc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Positions belong to the next entry's content and are not kept.
    held: Cell<bool>,
    keeping: RefCell<Option<Timeout>>,
    restoring: RefCell<Option<Interval>>,
}

impl Scroll {
    /// Takes scroll positions over from the browser.
    pub(crate) fn new() -> Self {
        if let Ok(history) = gloo_utils::window().history() {
            // Refused only by browsers that always restore themselves.
            let _ = history.set_scroll_restoration(ScrollRestoration::Manual);
        }
        Self::default()
    }

    /// Keeps the position from now on, and lets go of it as soon as the person scrolls.
    pub(crate) fn listen(&self) {
        let window = gloo_utils::window();
        let scroll = self.clone();
        EventListener::new(&window, "scroll", move |_| scroll.moved()).forget();
        for hand in ["wheel", "touchstart", "pointerdown", "keydown"] {
            let scroll = self.clone();
            EventListener::new(&window, hand, move |_| scroll.release()).forget();
        }
        let scroll = self.clone();
        EventListener::new(&window, "pagehide", move |_| scroll.keep()).forget();
    }

    /// Writes the position into the current history entry.
    pub(crate) fn keep(&self) {
        self.0.keeping.take();
        if self.0.held.get() {
            return;
        }
        let window = gloo_utils::window();
        if let Ok(history) = window.history() {
            let top = window.scroll_y().unwrap_or_default();
            // Refused when it happens too often; the position before is good enough then.
            let _ = history.replace_state(&state(top), "");
        }
    }

    /// Goes to the top, for a new page.
    pub(crate) fn top(&self) {
        self.release();
        gloo_utils::window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Keeps nothing until [`Scroll::restore`] is through.
    pub(crate) fn hold(&self) {
        self.0.keeping.take();
        self.0.held.set(true);
    }

    /// Goes to the current entry's position as soon as the page is tall enough, and stays there
    /// while content arrives, for two seconds or until the person scrolls.
    pub(crate) fn restore(&self) {
        let history = gloo_utils::window().history();
        let state = history.and_then(|history| history.state()).unwrap_or_default();
        let target = js::get(&state, KEY).as_f64().unwrap_or_default();
        if target == 0.0 {
            return self.top();
        }
        self.hold();
        let scroll = self.clone();
        let looks = Cell::new(0);
        let interval = Interval::new(LOOK, move || {
            looks.set(looks.get() + 1);
            settle(target);
            if looks.get() == LOOKS {
                // Not from within: this closure is the interval's own.
                let scroll = scroll.clone();
                Timeout::new(0, move || scroll.release()).forget();
            }
        });
        self.0.restoring.replace(Some(interval));
    }

    fn moved(&self) {
        if self.0.held.get() {
            return;
        }
        let scroll = self.clone();
        let timer = Timeout::new(QUIET, move || scroll.keep());
        self.0.keeping.replace(Some(timer));
    }

    fn release(&self) {
        self.0.restoring.take();
        self.0.held.set(false);
    }
}

fn settle(target: f64) {
    let window = gloo_utils::window();
    let Some(root) = gloo_utils::document().document_element() else { return };
    let room = f64::from(root.scroll_height() - root.client_height());
    let off = (window.scroll_y().unwrap_or_default() - target).abs();
    if room >= target && off > 1.0 {
        window.scroll_to_with_x_and_y(0.0, target);
    }
}
