//! State that passes from one mount to the next when a version is replaced in an open page.
//!
//! The page may be left to another version of the same remote, so what arrives may have any shape: what
//! does not fit is dropped. Not here: when to hand over, which is the host's.

use std::cell::RefCell;

use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

use crate::from_js::from_js;

/// Makes the state, as the newest rendering knows it.
pub(crate) type Saver = Box<dyn Fn() -> JsValue>;

/// The two ends: what came from the mount before, and who knows what the next one gets.
#[derive(Default)]
pub(super) struct Handover {
    restored: RefCell<Option<Restored>>,
    saver: RefCell<Option<Saver>>,
}

enum Restored {
    Js(JsValue),
    /// Off the browser, where there are no JavaScript values.
    #[cfg(not(target_arch = "wasm32"))]
    Value(Box<dyn std::any::Any>),
}

impl std::fmt::Debug for Handover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handover").finish_non_exhaustive()
    }
}

impl Handover {
    pub(super) fn from_js(value: JsValue) -> Self {
        Self { restored: RefCell::new(Some(Restored::Js(value))), ..Self::default() }
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn of_value(value: Box<dyn std::any::Any>) -> Self {
        Self { restored: RefCell::new(Some(Restored::Value(value))), ..Self::default() }
    }

    pub(super) fn take<T: DeserializeOwned + 'static>(&self) -> Option<T> {
        match self.restored.take()? {
            Restored::Js(value) => from_js(value).ok(),
            #[cfg(not(target_arch = "wasm32"))]
            Restored::Value(value) => value.downcast().ok().map(|value| *value),
        }
    }

    /// The same as it came.
    pub(super) fn take_value(&self) -> Option<JsValue> {
        match self.restored.take()? {
            Restored::Js(value) => Some(value),
            #[cfg(not(target_arch = "wasm32"))]
            Restored::Value(_) => None,
        }
    }

    pub(super) fn keep(&self, saver: Saver) {
        self.saver.replace(Some(saver));
    }

    pub(super) fn save(&self) -> Option<JsValue> {
        self.saver.borrow().as_ref().map(|save| save())
    }
}

/// Returns a state as the JSON that a later mount reads, `undefined` when it has none.
pub(crate) fn to_js<T: Serialize>(state: Option<T>) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    state.and_then(|state| state.serialize(&serializer).ok()).unwrap_or(JsValue::UNDEFINED)
}
