//! Listening on the document.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Event;
use yew::prelude::*;

/// Calls `handler` for every `kind` event of the document while the component is mounted.
///
/// The handler of the first rendering stays: let it hold references only, no state.
#[hook]
pub(crate) fn use_document_event(kind: &'static str, handler: Box<dyn Fn(Event)>) {
    use_effect_with((), move |()| {
        let listener = Closure::<dyn Fn(Event)>::wrap(handler);
        let document = web_sys::window().and_then(|window| window.document());
        if let Some(document) = &document {
            let listener = listener.as_ref().unchecked_ref();
            document.add_event_listener_with_callback(kind, listener).ok();
        }
        move || {
            if let Some(document) = document {
                let listener = listener.as_ref().unchecked_ref();
                document.remove_event_listener_with_callback(kind, listener).ok();
            }
        }
    });
}
