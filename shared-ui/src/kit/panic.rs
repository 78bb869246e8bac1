//! Telling the host of a panic before the instance traps.

use std::cell::RefCell;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

thread_local! {
    // One application an instance, so one listener; the hook itself must be `Send`, which a
    // JavaScript function is not.
    static LISTENER: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Makes a panic call `props.onPanic(message)`.
pub(super) fn report_to(props: &JsValue) {
    let listener =
        Reflect::get(props, &"onPanic".into()).ok().and_then(|value| value.dyn_into().ok());
    LISTENER.with(|slot| *slot.borrow_mut() = listener);
    // Not `std::panic::set_hook`: the renderer would overwrite it.
    yew::set_custom_panic_hook(Box::new(|info| {
        let message = JsValue::from_str(&info.to_string());
        LISTENER.with(|slot| {
            if let Ok(slot) = slot.try_borrow()
                && let Some(listener) = slot.as_ref()
            {
                // Nobody is left to tell when the listener throws.
                listener.call1(&JsValue::NULL, &message).ok();
            }
        });
    }));
}
