//! A value that has come to rest.

use wasm_bindgen::{JsCast, closure::Closure};
use yew::prelude::*;

use super::lean::{use_effect_with, use_state_eq};

/// Returns `value` as it was when it last stayed unchanged for `millis` milliseconds.
#[hook]
pub fn use_debounced<T: Clone + PartialEq + 'static>(value: T, millis: i32) -> T {
    let settled = use_state_eq(|| value.clone());
    {
        let settled = settled.setter();
        use_effect_with(value, move |value| {
            let value = value.clone();
            let closure = Closure::once(move || settled.set(value));
            let timer = web_sys::window().and_then(|window| {
                let callback = closure.as_ref().unchecked_ref();
                window.set_timeout_with_callback_and_timeout_and_arguments_0(callback, millis).ok()
            });
            move || {
                if let (Some(window), Some(timer)) = (web_sys::window(), timer) {
                    window.clear_timeout_with_handle(timer);
                }
                drop(closure);
            }
        });
    }
    (*settled).clone()
}
