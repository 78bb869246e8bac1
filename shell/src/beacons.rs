//! Tells the gateway how it went with each remote, a few at a time.
//!
//! Not here: counting for this page (`report`), judging (the gateway).

use std::cell::RefCell;
use std::rc::Rc;

use contract::{BEACONS, LONGEST_MESSAGE, MOST_BEACONS};
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Array, JSON, Object};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::RequestInit;

use crate::js;

/// Milliseconds that a beacon waits for others.
const PATIENCE: u32 = 1_000;
/// Beacons of one remote in one page: one that fails without end is known after the first.
const MOST_OF_A_REMOTE: u32 = 50;

/// What is to be sent.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: RefCell<Vec<JsValue>>,
    timer: RefCell<Option<Timeout>>,
    /// How many there were of each remote.
    sent: RefCell<Vec<(String, u32)>>,
}

impl Outbox {
    /// Sends what is left when the page goes out of sight: there may be no later.
    pub(crate) fn watch(self: &Rc<Self>) {
        let document = gloo_utils::document();
        let outbox = self.clone();
        let hidden = move |_: &web_sys::Event| {
            if js::text(&gloo_utils::document(), "visibilityState").as_deref() == Some("hidden") {
                outbox.flush();
            }
        };
        EventListener::new(&document, "visibilitychange", hidden).forget();
    }

    /// Puts a beacon in: `kind` is `mounted`, `failed` or `panicked`.
    pub(crate) fn put(
        self: &Rc<Self>,
        (remote, version): (&str, &str),
        kind: &str,
        phase: &str,
        message: &str,
    ) {
        if !self.admits(remote) {
            return;
        }
        let beacon = Object::new();
        let message: String = message.chars().take(LONGEST_MESSAGE).collect();
        for (key, value) in [
            ("remote", remote),
            ("version", version),
            ("kind", kind),
            ("phase", phase),
            ("message", &message),
        ] {
            js::set(&beacon, key, &value.into());
        }
        self.waiting.borrow_mut().push(beacon.into());
        let full = self.waiting.borrow().len() >= MOST_BEACONS;
        if full {
            return self.flush();
        }
        let outbox = self.clone();
        self.timer
            .borrow_mut()
            .get_or_insert_with(|| Timeout::new(PATIENCE, move || outbox.flush()));
    }

    fn admits(&self, remote: &str) -> bool {
        let mut sent = self.sent.borrow_mut();
        if let Some((_, count)) = sent.iter_mut().find(|(name, _)| name == remote) {
            *count += 1;
            return *count <= MOST_OF_A_REMOTE;
        }
        sent.push((remote.to_owned(), 1));
        true
    }

    fn flush(&self) {
        self.timer.replace(None);
        let waiting: Array = self.waiting.take().into_iter().collect();
        if waiting.length() == 0 {
            return;
        }
        let body = Object::new();
        js::set(&body, "beacons", &waiting);
        let Ok(body) = JSON::stringify(&body) else { return };
        let headers = Object::new();
        js::set(&headers, "content-type", &"application/json".into());
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_body(&body);
        // It outlives the page.
        js::set(&init, "keepalive", &JsValue::TRUE);
        let promise = gloo_utils::window().fetch_with_str_and_init(BEACONS, &init);
        spawn_local(async move {
            // What is lost is lost: the page does not work worse for it.
            let _ = JsFuture::from(promise).await;
        });
    }
}
