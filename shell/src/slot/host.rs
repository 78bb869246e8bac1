//! `props.host`: what a mounted remote may ask of the page.
//!
//! Each function is one shared closure, bound to the mount's generation. So a mount makes nothing
//! that the browser cannot collect, and a remote that calls after its end is ignored, not trapped.

use std::rc::Rc;

use contract::HOST_CONTRACT;
use contract::lifecycle::{host, report};
use js_sys::{Function, Object};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{future_to_promise, spawn_local};

use super::Slot;
use super::machine::{Event, Generation};
use crate::bus::{self, is_public};
use crate::js;
use crate::view::Listener;

/// What `subscribe` and its kin return, bound to a subscription.
const UNSUBSCRIBE: &str = "unsubscribe";

/// Single-spa's function of this name, which our host does not have.
const MOUNT_PARCEL: &str = "mountParcel";

/// Sets the props that single-spa gives besides `name`, as far as this host can honour them.
pub(super) fn single_spa(slot: &Slot, generation: Generation, own: &Object, props: &Object) {
    let single_spa = Object::new();
    js::set(&single_spa, "navigateToUrl", &js::get(own, host::NAVIGATE));
    js::set(props, "singleSpa", &single_spa);
    let parcel =
        slot.dispatcher().bind2(&JsValue::UNDEFINED, &generation.into(), &MOUNT_PARCEL.into());
    js::set(props, MOUNT_PARCEL, &parcel);
}

/// Makes `props.host` for one mount.
pub(super) fn object(slot: &Slot, generation: Generation) -> Object {
    let object = Object::new();
    js::set(&object, host::CONTRACT, &HOST_CONTRACT.into());
    js::set(&object, host::BASE_PATH, &"".into());
    slot.services.preferences.describe(&object);
    for name in [
        host::LOCATION,
        host::NAVIGATE,
        host::ON_LOCATION,
        host::PUBLISH,
        host::SUBSCRIBE,
        host::FETCH,
        host::REPORT,
        host::ON_PREFERENCE,
    ] {
        let bound = slot.dispatcher().bind2(&JsValue::UNDEFINED, &generation.into(), &name.into());
        js::set(&object, name, &bound);
    }
    object
}

/// Answers one call of a host function.
pub(super) fn answer(
    slot: &Rc<Slot>,
    generation: Generation,
    name: &str,
    a: &JsValue,
    b: &JsValue,
) -> JsValue {
    let services = &slot.services;
    // A remote that is leaving may still look and tell, but changes nothing any more.
    let current = slot.current() == generation;
    let topic = a.as_string().filter(|topic| is_public(topic));
    match name {
        host::LOCATION => return services.history.location().into(),
        host::NAVIGATE if current => {
            if let Some(path) = a.as_string() {
                services.history.navigate(&path, js::get(b, "replace").is_truthy());
            }
        }
        host::ON_LOCATION => return subscribe(slot, generation, bus::LOCATION, a),
        host::ON_PREFERENCE => return subscribe(slot, generation, bus::PREFERENCE, a),
        host::SUBSCRIBE => {
            return subscribe(slot, generation, topic.as_deref().unwrap_or_default(), b);
        }
        host::PUBLISH if current => {
            if let Some(topic) = topic {
                slot.publish(&topic, b);
            }
        }
        host::FETCH => return fetch(slot, generation, a.clone(), b.clone()),
        host::REPORT => note(slot, generation, &a.as_string().unwrap_or_default(), b),
        UNSUBSCRIBE => {
            if let Some(id) = a.as_f64() {
                services.bus.borrow_mut().unsubscribe(generation, id as u32);
            }
        }
        MOUNT_PARCEL => {
            let text = "this host has no parcels: mount what you need within your own element";
            return js_sys::Promise::reject(&js_sys::Error::new(text)).into();
        }
        _ => {}
    }
    JsValue::UNDEFINED
}

/// Subscribes and returns the function that ends it. The last value of a latched topic follows in a
/// microtask: a remote's code is not called while it is calling.
fn subscribe(slot: &Rc<Slot>, generation: Generation, topic: &str, callback: &JsValue) -> JsValue {
    let mut id = 0;
    let callback = callback.dyn_ref::<Function>().filter(|_| !topic.is_empty());
    if let Some(callback) = callback.filter(|_| slot.occupant(generation).is_some()) {
        let listener = Listener::Remote(callback.clone());
        let (new, last) =
            slot.services.bus.borrow_mut().subscribe(generation, topic, listener.clone());
        id = new;
        if let Some(last) = last {
            let slot = slot.clone();
            spawn_local(async move {
                let stands = slot.services.bus.borrow().has(id);
                if stands {
                    slot.tell(generation, &listener, &last);
                }
            });
        }
    }
    let dispatcher = slot.dispatcher();
    dispatcher
        .bind3(&JsValue::UNDEFINED, &generation.into(), &UNSUBSCRIBE.into(), &id.into())
        .into()
}

fn fetch(slot: &Rc<Slot>, generation: Generation, input: JsValue, init: JsValue) -> JsValue {
    let occupant = slot.occupant(generation);
    future_to_promise(async move {
        match occupant {
            Some(occupant) => crate::fetch::fetch(&occupant, &input, &init).await,
            None => Err(js_sys::TypeError::new("host.fetch: this remote is not mounted").into()),
        }
    })
    .into()
}

fn note(slot: &Rc<Slot>, generation: Generation, kind: &str, detail: &JsValue) {
    let Some(occupant) = slot.occupant(generation) else { return };
    let message = js::text(detail, "message").unwrap_or_default();
    if kind == report::PANICKED {
        slot.dispatch(Event::Panicked(generation, message.into()));
    } else {
        slot.services.reports.note(kind, &occupant.label(), &message);
    }
}

impl Slot {
    /// Publishes to all who listen.
    pub(crate) fn publish(self: &Rc<Self>, topic: &str, value: &JsValue) {
        let listeners = self.services.bus.borrow_mut().publish(topic, value);
        for (owner, listener) in listeners {
            self.tell(owner, &listener, value);
        }
    }

    /// Calls one listener. What it throws is its own affair, unless its instance died of it.
    fn tell(self: &Rc<Self>, owner: Generation, listener: &Listener, value: &JsValue) {
        let callback = match listener {
            Listener::Shell(callback) => return callback.emit(value.clone()),
            Listener::Remote(callback) => callback,
        };
        let Err(error) = callback.call1(&JsValue::UNDEFINED, value) else { return };
        let message = js::message(&error);
        if js::is_trap(&error) {
            self.dispatch(Event::Panicked(owner, message.into()));
        } else if let Some(occupant) = self.occupant(owner) {
            self.services.reports.failed("callback", &occupant.label(), &message);
        }
    }
}
