//! What this tab remembers across reloads and visits to other pages.
//!
//! A browser that refuses storage only forgets: nothing here fails.

use js_sys::JSON;
use serde::{Serialize, de::DeserializeOwned};
use web_sys::Storage;

/// Key of the question that is being written, plain text.
pub(crate) const DRAFT: &str = "asterism.ask.draft";
/// Key of the conversation, JSON.
pub(crate) const CONVERSATION: &str = "asterism.ask.conversation";

/// Returns a text; `None` when there is none.
pub(crate) fn text(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps a text, or forgets it when it is empty.
pub(crate) fn keep_text(key: &str, text: &str) {
    let Some(storage) = storage() else { return };
    let kept = if text.is_empty() { storage.remove_item(key) } else { storage.set_item(key, text) };
    kept.ok();
}

/// Returns a value; `None` when there is none of its shape.
pub(crate) fn value<T: DeserializeOwned>(key: &str) -> Option<T> {
    shared_ui::client::from_js(JSON::parse(&text(key)?).ok()?).ok()
}

/// Keeps a value.
pub(crate) fn keep_value<T: Serialize>(key: &str, value: &T) {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    let text = value.serialize(&serializer).ok().and_then(|value| JSON::stringify(&value).ok());
    keep_text(key, &text.map(String::from).unwrap_or_default());
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
