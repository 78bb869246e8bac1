//! Getting the next version ready while the one before is still on the page.
//!
//! Not here: putting it there. Whatever fails here fails again on the ordinary way, which knows what to do.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

use super::machine::Pick;
use super::{Slot, load};
use crate::js;

/// Milliseconds that a version which must go may stay for it.
const PATIENCE: u32 = 3_000;

/// Checks and imports the active release of the slot's remote.
pub(super) async fn load(slot: &Rc<Slot>) {
    let Some((name, release)) = slot.release(Pick::Active) else { return };
    let slot = slot.clone();
    let loading = future_to_promise(async move {
        let _ = load::entry_of(&slot, &name, &release).await;
        Ok(JsValue::UNDEFINED)
    });
    js::within(loading, PATIENCE).await;
}
