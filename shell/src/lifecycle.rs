//! The bundle's one export, called by `boot.js`.
//!
//! Not here: fetching and checking the shell's own files. That is done before any of this runs.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::CustomEvent;

use crate::app::{App, AppProps};
use crate::site::Site;
use crate::{devtools, js, overrides};

/// Renders the page into `#app`; `boot` is `{ importModule: (url) => Promise<module>, devtools }`, the last
/// being URL and integrity of the panel's module.
///
/// # Errors
///
/// Fails when the document has no `#app` or `boot` has no `importModule`.
#[wasm_bindgen]
pub fn start(boot: &JsValue) -> Result<(), JsValue> {
    yew::set_custom_panic_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
        // The page's frame is dead, so the document's own message takes its place.
        if let Ok(event) = CustomEvent::new("asterism:boot-failed") {
            let _ = gloo_utils::window().dispatch_event(&event);
        }
    }));
    let import = js::get(boot, "importModule")
        .dyn_into::<js_sys::Function>()
        .map_err(|_| JsValue::from_str("the shell was started without importModule"))?;
    let root = gloo_utils::document()
        .get_element_by_id("app")
        .ok_or_else(|| JsValue::from_str("the page has no #app"))?;
    // Before the page's location is read: it takes its parameter out.
    overrides::take();
    let site = Site::new(import);
    devtools::listen(&site, js::get(boot, "devtools"));
    yew::Renderer::<App>::with_root_and_props(root, AppProps { site }).render();
    Ok(())
}
