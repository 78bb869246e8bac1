//! The list that the person came from.

use std::rc::Rc;

use contract::topics::{TRAIL, Trail};
use js_sys::JSON;
use shared_ui::hooks::use_host;
use wasm_bindgen::JsValue;
use web_sys::Storage;
use yew::prelude::*;

use crate::wire;

/// Where the last list is kept for this tab, so that a reload keeps it.
const KEY: &str = "asterism.stories.trail";

/// Returns the list that was published last, in this page or before its reload; an empty one without any.
#[hook]
pub(crate) fn use_trail() -> Rc<Trail> {
    let host = use_host();
    let trail = use_state(Rc::<Trail>::default);
    {
        let trail = trail.setter();
        use_effect_with((), move |()| {
            if let Some(kept) = kept() {
                trail.set(Rc::new(kept));
            }
            let subscription = host.subscribe(TRAIL, move |value| {
                if let Some(new) = wire::trail(&value) {
                    keep(&value);
                    trail.set(Rc::new(new));
                }
            });
            move || drop(subscription)
        });
    }
    (*trail).clone()
}

fn kept() -> Option<Trail> {
    let text = storage()?.get_item(KEY).ok()??;
    wire::trail(&JSON::parse(&text).ok()?)
}

fn keep(value: &JsValue) {
    if let (Some(storage), Ok(text)) = (storage(), JSON::stringify(value)) {
        // A full store loses the way back at a reload, no more.
        storage.set_item(KEY, &String::from(text)).ok();
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
