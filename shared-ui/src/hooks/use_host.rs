//! The host of the remote.

use yew::prelude::*;

use crate::kit::Host;

/// Returns the host; one without a browser at `/` when no kit is around (a component under test).
#[hook]
pub fn use_host() -> Host {
    let provided = use_context::<Host>();
    let alone = use_memo((), |()| Host::fixed("/"));
    provided.unwrap_or_else(|| (*alone).clone())
}
