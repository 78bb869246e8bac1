//! Untyped JavaScript values: properties, promises and error texts.

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// Waits for a promise, but no longer than `millis`; `None` when it fails or is late.
pub(crate) async fn within(promise: Promise, millis: u32) -> Option<JsValue> {
    let late = future_to_promise(async move {
        TimeoutFuture::new(millis).await;
        Err(JsValue::UNDEFINED)
    });
    JsFuture::from(Promise::race(&Array::of2(&promise, &late))).await.ok()
}

/// Returns a property, `undefined` when there is none or its getter throws.
pub(crate) fn get(target: &JsValue, key: &str) -> JsValue {
    Reflect::get(target, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Sets a property of an object that we made ourselves.
pub(crate) fn set(target: &JsValue, key: &str, value: &JsValue) {
    // Only a frozen object or a throwing setter fails here, and ours are neither.
    let _ = Reflect::set(target, &key.into(), value);
}

/// Returns a property that is a string, `None` for anything else.
pub(crate) fn text(target: &JsValue, key: &str) -> Option<String> {
    get(target, key).as_string()
}

/// Returns what a thrown value says, for people.
pub(crate) fn message(error: &JsValue) -> String {
    if let Some(error) = error.dyn_ref::<js_sys::Error>() {
        return error.to_string().into();
    }
    error
        .as_string()
        .or_else(|| text(error, "message"))
        .unwrap_or_else(|| "unknown error".to_owned())
}

/// Tells whether a thrown value means that a WebAssembly instance cannot be used any more.
///
/// A trap is a `RuntimeError`; a stack overflow is a `RangeError` in some engines.
pub(crate) fn is_trap(error: &JsValue) -> bool {
    error.is_instance_of::<js_sys::WebAssembly::RuntimeError>()
        || error.is_instance_of::<js_sys::RangeError>()
}
