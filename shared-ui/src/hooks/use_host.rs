//! The host of the remote.

use yew::prelude::*;

use crate::kit::Host;

/// Returns the host; one without a browser at `/` when no kit is around (a component under test).
#[hook]
pub fn use_host() -> Host {
    use_context::<Host>().unwrap_or_else(|| ALONE.with(Clone::clone))
}

thread_local! {
    // One for all, so that it is the same in each rendering; not a hook's, which costs every bundle.
    static ALONE: Host = Host::fixed("/");
}
