//! The key that leads to the search box.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::use_document_event;

/// Makes `/` focus `input`, unless somebody is typing elsewhere.
#[hook]
pub(crate) fn use_slash_key(input: &NodeRef) {
    let input = input.clone();
    let on_key = move |event: Event| {
        // Outside a shadow root the event's target is the root's host; the path tells the real one.
        let target = event.composed_path().get(0).dyn_into::<HtmlElement>().ok();
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else { return };
        if event.key() != "/" || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        if target.is_some_and(|target| takes_text(&target)) {
            return;
        }
        if let Some(input) = input.cast::<HtmlInputElement>() {
            // Else the key would be typed into the box.
            event.prevent_default();
            input.focus().ok();
            input.select();
        }
    };
    use_document_event("keydown", Box::new(on_key));
}

fn takes_text(element: &HtmlElement) -> bool {
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || element.is_content_editable()
}
