//! Hears of new revisions: server-sent events, and polling where they do not come through.
//!
//! Not here: what a new revision means for the page (`site`).

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::EventTarget;
use yew::Callback;

use crate::js;

const PATH: &str = "/manifest/events";
/// `EventSource.CLOSED`: the browser has given up.
const CLOSED: f64 = 2.0;
/// Milliseconds between two looks while no events come, and at most half as much again by chance.
const POLL: u32 = 15_000;

/// The lock that the one tab with the stream holds, and the channel by which it tells the others.
const NAME: &str = "asterism.revision";

/// Calls `on_news` with each revision that the server tells of, or with `None` when it is time to look.
///
/// One tab of a browser has the stream and tells the others: over HTTP/1.1 a browser opens six connections
/// to a host in all, and as many tabs with a stream each would leave none for anything else.
pub(crate) fn follow(on_news: Callback<Option<u64>>) {
    let Some(channel) = channel() else { return stream(on_news) };
    let news = on_news.clone();
    let told = move |event: &web_sys::Event| {
        let revision = js::get(event, "data").as_f64();
        news.emit(revision.map(|revision| revision as u64));
    };
    EventListener::new(&channel, "message", told).forget();
    let both = Callback::from(move |revision: Option<u64>| {
        on_news.emit(revision);
        let value = revision.map_or(JsValue::NULL, |revision| (revision as f64).into());
        if let Ok(post) = js::get(&channel, "postMessage").dyn_into::<Function>() {
            let _ = post.call1(&channel, &value);
        }
    });
    lead(both);
}

/// Waits for the lock, and follows the stream as long as this tab lives.
fn lead(on_news: Callback<Option<u64>>) {
    let locks = js::get(&gloo_utils::window().navigator(), "locks");
    let held = {
        let on_news = on_news.clone();
        Closure::once_into_js(move || {
            stream(on_news);
            // Never settled: the lock goes with the tab.
            Promise::new(&mut |_, _| {})
        })
    };
    let request = js::get(&locks, "request").dyn_into::<Function>();
    let asked = request.and_then(|request| request.call2(&locks, &NAME.into(), &held));
    if asked.is_err() {
        // Without locks (plain HTTP) each tab has its own.
        stream(on_news);
    }
}

fn channel() -> Option<EventTarget> {
    let constructor = js::get(&gloo_utils::window(), "BroadcastChannel");
    let constructor: Function = constructor.dyn_into().ok()?;
    let channel = Reflect::construct(&constructor, &Array::of1(&NAME.into())).ok()?;
    Some(channel.unchecked_into())
}

fn stream(on_news: Callback<Option<u64>>) {
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
        stream(on_news);
    })
    .forget();
}

fn pause() -> u32 {
    POLL + (js_sys::Math::random() * f64::from(POLL / 2)) as u32
}
