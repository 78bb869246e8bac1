//! Handing a story's address on.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shared {
    /// Nothing to say: not tried yet, or the system's own sheet has said it.
    #[default]
    Quietly,
    /// The address is in the clipboard.
    Copied,
    /// The browser refused.
    Refused,
}

impl Shared {
    /// Returns what to say, empty when there is nothing.
    pub(crate) fn said(self) -> &'static str {
        match self {
            Self::Quietly => "",
            Self::Copied => "Link copied",
            Self::Refused => "The link could not be copied: copy it from the address bar",
        }
    }
}

/// Opens the system's sheet for sharing where there is one, else copies the page's address.
pub(crate) async fn share(title: &str) -> Shared {
    let Some(window) = web_sys::window() else { return Shared::Refused };
    let location = window.location();
    // Neither query nor fragment: they say where one came from.
    let url = [location.origin(), location.pathname()].map(Result::unwrap_or_default).concat();
    let navigator: JsValue = window.navigator().into();
    let what = Object::new();
    for (key, value) in [("title", title), ("url", &url)] {
        Reflect::set(&what, &key.into(), &value.into()).ok();
    }
    if let Some(sheet) = call(&navigator, "share", &what) {
        // Closing it without choosing rejects too.
        JsFuture::from(sheet).await.ok();
        return Shared::Quietly;
    }
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    let Some(copy) = call(&clipboard, "writeText", &url.into()) else { return Shared::Refused };
    if JsFuture::from(copy).await.is_ok() { Shared::Copied } else { Shared::Refused }
}

/// Calls a method that the browser may lack.
fn call(object: &JsValue, name: &str, argument: &JsValue) -> Option<Promise> {
    let method: Function = Reflect::get(object, &name.into()).ok()?.dyn_into().ok()?;
    method.call1(object, argument).ok()?.dyn_into().ok()
}
