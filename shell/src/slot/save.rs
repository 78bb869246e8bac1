//! The optional `save`: what a remote hands over to the version that takes its place.

use std::rc::Rc;

use contract::lifecycle::SAVE;
use js_sys::{Function, JSON, Promise};
use wasm_bindgen::{JsCast, JsValue};

use super::Occupant;
use crate::js;

/// Milliseconds that a version which must go may take for it.
const PATIENCE: u32 = 500;

/// Asks a mounted remote for its state; `None` when it has none, fails or takes too long.
///
/// The state is copied through JSON, so that nothing of the old instance lives on in the new one.
pub(super) async fn save(occupant: &Rc<Occupant>) -> Option<JsValue> {
    let module = occupant.module.borrow().clone()?;
    if occupant.dead.get() || !occupant.entered.get() {
        return None;
    }
    let save: Function = js::get(&module.exports, SAVE).dyn_into().ok()?;
    let saved = save.call1(&JsValue::UNDEFINED, &occupant.props).ok()?;
    let state = js::within(Promise::resolve(&saved), PATIENCE).await?;
    // `undefined` has no JSON.
    JSON::parse(&JSON::stringify(&state).ok()?.as_string()?).ok()
}
