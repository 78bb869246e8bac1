//! The unmount phase, in order or out of it.

use std::rc::Rc;

use super::machine::Failure;
use super::mount::failure;
use super::occupant::Occupant;
use crate::js;

/// Calls `unmount`, unless the instance is dead or was never entered.
pub(super) async fn unmount(occupant: &Rc<Occupant>) -> Result<(), Failure> {
    if occupant.dead.get() || !occupant.entered.replace(false) {
        return Ok(());
    }
    occupant.call("unmount").await.map_err(|error| {
        if js::is_trap(&error) {
            occupant.kill();
        }
        failure(&error)
    })
}
