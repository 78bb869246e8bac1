//! Hears of new revisions: server-sent events, and polling where they do not come through.
//!
//! Not here: what a new revision means for the page (`site`).

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::EventTarget;
use yew::Callback;

use crate::js;

const PATH: &str = "/manifest/events";
/// `EventSource.CLOSED`: the browser has given up.
const CLOSED: f64 = 2.0;
/// Milliseconds between two looks while no events come, and at most half as much again by chance.
const POLL: u32 = 15_000;

/// Calls `on_news` with each revision that the server tells of, or with `None` when it is time to look.
pub(crate) fn follow(on_news: Callback<Option<u64>>) {
    match open() {
        Some(source) => listen(&source, on_news),
        None => later(on_news),
    }
}

/// Through untyped calls: the typed one would be one more part of web-sys for every bundle.
fn open() -> Option<EventTarget> {
    let constructor: Function = js::get(&gloo_utils::window(), "EventSource").dyn_into().ok()?;
    let source = Reflect::construct(&constructor, &Array::of1(&PATH.into())).ok()?;
    Some(source.unchecked_into())
}

fn listen(source: &EventTarget, on_news: Callback<Option<u64>>) {
    let news = on_news.clone();
    let listener = move |event: &web_sys::Event| {
        let revision = js::text(event, "lastEventId").and_then(|id| id.parse().ok());
        news.emit(revision);
    };
    EventListener::new(source, contract::REVISION, listener).forget();
    let broken = source.clone();
    let look: Rc<RefCell<Option<Timeout>>> = Rc::default();
    let listener = move |_: &web_sys::Event| {
        let state: &JsValue = broken.as_ref();
        if js::get(state, "readyState").as_f64() == Some(CLOSED) {
            look.take();
            return later(on_news.clone());
        }
        // The browser tries again by itself, for ever and perhaps in vain: look meanwhile.
        let mut waiting = look.borrow_mut();
        if waiting.is_none() {
            let (look, news) = (look.clone(), on_news.clone());
            *waiting = Some(Timeout::new(pause(), move || {
                look.take();
                news.emit(None);
            }));
        }
    };
    EventListener::new(source, "error", listener).forget();
}

/// Looks after a while, and tries the events again.
fn later(on_news: Callback<Option<u64>>) {
    Timeout::new(pause(), move || {
        on_news.emit(None);
        follow(on_news);
    })
    .forget();
}

fn pause() -> u32 {
    POLL + (js_sys::Math::random() * f64::from(POLL / 2)) as u32
}
