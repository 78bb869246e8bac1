//! The host of the remote.

use yew::prelude::*;

use crate::kit::Host;

/// Returns the host; one without a browser at `/` when no kit is around (a component under test).
#[cfg(target_family = "wasm")]
#[hook]
pub fn use_host() -> Host {
    Host::current()
}

/// Returns the host that is provided around; one without a browser at `/` when none is.
#[cfg(not(target_family = "wasm"))]
#[hook]
pub fn use_host() -> Host {
    use_context::<Host>().unwrap_or_else(Host::current)
}
