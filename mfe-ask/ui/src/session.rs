//! What this tab remembers across reloads and visits to other pages: the question that is being written.
//!
//! A browser that refuses storage only forgets: nothing here fails.

use web_sys::Storage;

const DRAFT: &str = "asterism.ask.draft";

/// Returns the draft; `None` when there is none.
pub(crate) fn draft() -> Option<String> {
    storage()?.get_item(DRAFT).ok()?
}

/// Keeps the draft, or forgets it when it is empty.
pub(crate) fn keep_draft(text: &str) {
    let Some(storage) = storage() else { return };
    let kept =
        if text.is_empty() { storage.remove_item(DRAFT) } else { storage.set_item(DRAFT, text) };
    kept.ok();
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
