//! Coming back to this tab.

use shared_ui::hooks::lean::use_effect_with;
use wasm_bindgen::{JsCast, closure::Closure};
use yew::prelude::*;

/// Calls `on_return` whenever the page becomes visible again.
#[hook]
pub(crate) fn use_return(on_return: impl Fn() + 'static) {
    use_effect_with((), move |()| {
        let document = web_sys::window().and_then(|window| window.document());
        let seen = document.clone();
        let listener = Closure::<dyn Fn()>::new(move || {
            if seen.as_ref().is_some_and(|document| !document.hidden()) {
                on_return();
            }
        });
        if let Some(document) = &document {
            let listener = listener.as_ref().unchecked_ref();
            document.add_event_listener_with_callback("visibilitychange", listener).ok();
        }
        move || {
            if let Some(document) = document {
                let listener = listener.as_ref().unchecked_ref();
                document.remove_event_listener_with_callback("visibilitychange", listener).ok();
            }
        }
    });
}
