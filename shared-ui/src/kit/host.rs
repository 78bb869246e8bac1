//! The host, as a remote sees it.
//!
//! A remote may have our shell as host, a foreign one (single-spa without ours) or none (tests, the
//! server). The three answer the same questions.

use std::{cell::RefCell, rc::Rc};

use contract::lifecycle::host as key;
use js_sys::{Function, Promise, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{RequestInit, Window};

use super::handover::{Handover, Saver};
use crate::Location;

/// A handle on the host; cheap to clone.
#[derive(Clone, Debug)]
pub struct Host(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    handover: Handover,
}

#[derive(Debug)]
enum Kind {
    /// `props.host` of our shell.
    Hosted(JsValue),
    /// A foreign host: the browser itself answers.
    Foreign,
    /// No browser at all.
    Fixed(String),
}

impl PartialEq for Host {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// How a navigation enters the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NavigateMode {
    /// A step that the back button undoes.
    Push,
    /// The same step, told more precisely.
    Replace,
}

/// A listener that is removed when this is dropped.
#[must_use = "dropping it removes the listener"]
pub struct Subscription {
    unsubscribe: Option<Box<dyn FnOnce()>>,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(unsubscribe) = self.unsubscribe.take() {
            unsubscribe();
        }
    }
}

thread_local! {
    // One application an instance, so one host; without a context, whose machinery costs a bundle 2 KB (brotli).
    static CURRENT: RefCell<Host> = RefCell::new(Host::fixed("/"));
}

impl Host {
    /// Returns the host of this instance; one without a browser at `/` before there is any.
    pub(crate) fn current() -> Self {
        CURRENT.with_borrow(Clone::clone)
    }

    /// Makes this the host of this instance.
    pub(super) fn make_current(&self) {
        CURRENT.set(self.clone());
    }

    pub(super) fn from_props(props: &JsValue) -> Self {
        let prop = |name: &str| Reflect::get(props, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let host = prop(contract::lifecycle::HOST);
        let kind = if host.is_object() { Kind::Hosted(host) } else { Kind::Foreign };
        Self::new(kind, Handover::from_js(prop(contract::lifecycle::RESTORED)))
    }

    fn new(kind: Kind, handover: Handover) -> Self {
        Self(Rc::new(Inner { kind, handover }))
    }

    /// Returns a host without a browser, at `location`: for tests and for rendering on a server.
    #[must_use]
    pub fn fixed(location: &str) -> Self {
        Self::new(Kind::Fixed(location.to_owned()), Handover::default())
    }

    /// Returns a host as of [`Self::fixed`] whose remote takes over from one that had kept `state`.
    #[cfg(not(target_arch = "wasm32"))]
    #[must_use]
    pub fn restoring<T: 'static>(location: &str, state: T) -> Self {
        Self::new(Kind::Fixed(location.to_owned()), Handover::of_value(Box::new(state)))
    }

    /// Returns what the mount before this one had kept, once; `None` when it has another shape.
    pub(crate) fn take_restored<T: DeserializeOwned + 'static>(&self) -> Option<T> {
        self.0.handover.take()
    }

    /// Returns the same as it came.
    pub(crate) fn take_restored_value(&self) -> Option<JsValue> {
        self.0.handover.take_value()
    }

    pub(crate) fn keep_saver(&self, saver: Saver) {
        self.0.handover.keep(saver);
    }

    /// Returns the state to hand over; `None` when no component keeps one.
    pub(crate) fn save(&self) -> Option<JsValue> {
        self.0.handover.save()
    }

    /// Returns where the page is.
    #[must_use]
    pub fn location(&self) -> Location {
        match &self.0.kind {
            Kind::Hosted(host) => {
                let text = method(host, key::LOCATION).and_then(|f| f.call0(host).ok());
                Location::parse(&text.and_then(|text| text.as_string()).unwrap_or_default())
            }
            Kind::Foreign => browser_location(),
            Kind::Fixed(location) => Location::parse(location),
        }
    }

    /// Returns the `href` for a path of the site.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        match &self.0.kind {
            Kind::Hosted(host) => {
                let base = Reflect::get(host, &key::BASE_PATH.into()).ok();
                [base.and_then(|b| b.as_string()).unwrap_or_default().as_str(), path].concat()
            }
            Kind::Foreign | Kind::Fixed(_) => path.to_owned(),
        }
    }

    /// Asks the host to go to a path of the site.
    pub fn navigate(&self, path: &str, mode: NavigateMode) {
        let replace = mode == NavigateMode::Replace;
        match &self.0.kind {
            Kind::Hosted(host) => {
                let options = js_sys::Object::new();
                Reflect::set(&options, &"replace".into(), &replace.into()).ok();
                if let Some(navigate) = method(host, key::NAVIGATE) {
                    navigate.call2(host, &path.into(), &options).ok();
                }
            }
            Kind::Foreign => browser_navigate(path, replace),
            Kind::Fixed(_) => {}
        }
    }

    /// Calls `callback` with each new location until the subscription is dropped.
    pub fn on_location(&self, callback: impl Fn(Location) + 'static) -> Subscription {
        match &self.0.kind {
            Kind::Hosted(host) => listen(host, key::ON_LOCATION, None, move |text| {
                callback(Location::parse(&text.as_string().unwrap_or_default()));
            }),
            Kind::Foreign => on_popstate(callback),
            Kind::Fixed(_) => Subscription { unsubscribe: None },
        }
    }

    /// Calls `callback` with each value of `topic` until the subscription is dropped, of a latched topic first
    /// with the last one; never where there is no host of ours.
    pub fn subscribe(&self, topic: &str, callback: impl Fn(JsValue) + 'static) -> Subscription {
        match &self.0.kind {
            Kind::Hosted(host) => listen(host, key::SUBSCRIBE, Some(topic), callback),
            Kind::Foreign | Kind::Fixed(_) => Subscription { unsubscribe: None },
        }
    }

    /// Tells the host the page's title.
    pub fn set_title(&self, title: &str) {
        match &self.0.kind {
            Kind::Foreign => {
                if let Some(document) = web_sys::window().and_then(|window| window.document()) {
                    document.set_title(title);
                }
            }
            Kind::Hosted(_) | Kind::Fixed(_) => {
                self.publish_text(contract::topics::TITLE, "title", title);
            }
        }
    }

    /// Asks the host to read `message` out to users of a screen reader.
    pub fn announce(&self, message: &str) {
        self.publish_text(contract::topics::ANNOUNCE, "message", message);
    }

    /// Tells everybody who subscribed to `topic`; nobody where there is no host of ours.
    pub fn publish<T: Serialize>(&self, topic: &str, payload: &T) {
        if matches!(self.0.kind, Kind::Hosted(_)) {
            self.publish_js(topic, &super::to_js(Some(payload)));
        }
    }

    fn publish_text(&self, topic: &str, field: &str, text: &str) {
        if matches!(self.0.kind, Kind::Hosted(_)) {
            let payload = js_sys::Object::new();
            Reflect::set(&payload, &field.into(), &text.into()).ok();
            self.publish_js(topic, &payload);
        }
    }

    fn publish_js(&self, topic: &str, payload: &JsValue) {
        let Kind::Hosted(host) = &self.0.kind else { return };
        if let Some(publish) = method(host, key::PUBLISH) {
            publish.call2(host, &topic.into(), payload).ok();
        }
    }

    /// Starts a request: the host adds session, trace context and deadline.
    ///
    /// # Errors
    /// There is no browser, or the host refuses at once.
    pub(crate) fn fetch(&self, url: &str, init: &RequestInit) -> Result<Promise, JsValue> {
        match &self.0.kind {
            Kind::Hosted(host) => method(host, key::FETCH)
                .ok_or_else(|| JsValue::from_str("the host has no fetch"))?
                .call2(host, &url.into(), init)?
                .dyn_into(),
            Kind::Foreign => window()
                .map(|window| window.fetch_with_str_and_init(url, init))
                .ok_or_else(|| JsValue::from_str("there is no window")),
            Kind::Fixed(_) => Err(JsValue::from_str("there is no browser")),
        }
    }
}

/// Calls a method that takes a listener, after a topic if there is one, and returns what removes it again.
fn listen(
    host: &JsValue,
    name: &str,
    topic: Option<&str>,
    callback: impl Fn(JsValue) + 'static,
) -> Subscription {
    let closure = Closure::<dyn Fn(JsValue)>::new(callback);
    let subscribe = method(host, name);
    let unsubscribe = subscribe
        .and_then(|subscribe| match topic {
            Some(topic) => subscribe.call2(host, &topic.into(), closure.as_ref()).ok(),
            None => subscribe.call1(host, closure.as_ref()).ok(),
        })
        .and_then(|value| value.dyn_into::<Function>().ok());
    Subscription {
        unsubscribe: Some(Box::new(move || {
            if let Some(unsubscribe) = unsubscribe {
                unsubscribe.call0(&JsValue::NULL).ok();
            }
            drop(closure);
        })),
    }
}

fn method(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}

fn window() -> Option<Window> {
    web_sys::window()
}

fn browser_location() -> Location {
    let text = window().map(|window| {
        let location = window.location();
        let path = location.pathname().unwrap_or_default();
        [path, location.search().unwrap_or_default()].concat()
    });
    Location::parse(&text.unwrap_or_default())
}

/// Moves the page and tells every listener, since `pushState` fires no event.
fn browser_navigate(path: &str, replace: bool) {
    let Some(window) = window() else { return };
    let Ok(history) = window.history() else { return };
    let moved = if replace {
        history.replace_state_with_url(&JsValue::NULL, "", Some(path))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(path))
    };
    if moved.is_ok()
        && let Ok(event) = web_sys::Event::new("popstate")
    {
        window.dispatch_event(&event).ok();
    }
}

fn on_popstate(callback: impl Fn(Location) + 'static) -> Subscription {
    let closure = Closure::<dyn Fn()>::new(move || callback(browser_location()));
    if let Some(window) = window() {
        let listener = closure.as_ref().unchecked_ref();
        window.add_event_listener_with_callback("popstate", listener).ok();
    }
    Subscription {
        unsubscribe: Some(Box::new(move || {
            if let Some(window) = window() {
                let listener = closure.as_ref().unchecked_ref();
                window.remove_event_listener_with_callback("popstate", listener).ok();
            }
        })),
    }
}
