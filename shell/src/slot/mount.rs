//! The bootstrap and mount phases, and a late mount's end.

use std::rc::Rc;

use js_sys::{Array, Function};
use wasm_bindgen::{JsCast, JsValue};

use super::machine::Failure;
use super::occupant::Occupant;
use crate::js;

/// Calls `bootstrap`, once in a module's life, after checking that there is something to mount.
pub(super) async fn bootstrap(occupant: &Rc<Occupant>) -> Result<(), Failure> {
    let module = occupant.module.borrow().clone();
    let Some(module) = module else { return Ok(()) };
    for name in ["mount", "unmount"] {
        let found = js::get(&module.exports, name);
        if !found.is_instance_of::<Function>() && !found.is_instance_of::<Array>() {
            let message = ["the entry exports no ", name].concat().into();
            return Err(Failure { message, lasting: true });
        }
    }
    if !module.bootstrapped.get() {
        occupant.call("bootstrap").await.map_err(|error| failure(&error))?;
        module.bootstrapped.set(true);
    }
    Ok(())
}

/// Calls `mount`.
pub(super) async fn mount(occupant: &Rc<Occupant>) -> Result<(), Failure> {
    occupant.entered.set(true);
    occupant.call("mount").await.map_err(|error| {
        if js::is_trap(&error) {
            occupant.kill();
        }
        failure(&error)
    })
}

/// Turns what a lifecycle function threw into a failure that may pass.
pub(super) fn failure(error: &JsValue) -> Failure {
    Failure { message: js::message(error).into(), lasting: false }
}
