//! Closing menus by a press elsewhere.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, Node};
use yew::prelude::*;

use super::use_document_event;

/// Closes each open `<details>` below `menus` when the press is not in it.
#[hook]
pub(crate) fn use_outside_close(menus: &NodeRef) {
    let menus = menus.clone();
    let on_press = move |event: Event| {
        // Outside a shadow root the event's target is the root's host; the path tells the real one.
        let target = event.composed_path().get(0).dyn_into::<Node>().ok();
        let Some(open) = menus.cast::<Element>().map(|m| m.query_selector_all("details[open]"))
        else {
            return;
        };
        let Ok(open) = open else { return };
        for index in 0..open.length() {
            if let Some(details) = open.get(index).and_then(|node| node.dyn_into::<Element>().ok())
                && !details.contains(target.as_ref())
            {
                details.remove_attribute("open").ok();
            }
        }
    };
    use_document_event("pointerdown", Box::new(on_press));
}
