//! The bundle's exports, called by the entry of the remote kit.

use shared_ui::kit::{self, Mounted};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::Element;

use crate::pages::use_page;

/// Mounts the remote into `root`; `props` are the lifecycle's.
#[wasm_bindgen]
#[must_use]
pub fn mount(root: Element, props: &JsValue) -> Mounted {
    kit::mount_hook(root, props, use_page)
}
