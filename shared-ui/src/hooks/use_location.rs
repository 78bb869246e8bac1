//! Where the page is.

use yew::prelude::*;

use super::{
    lean::{use_effect_with, use_state_eq},
    use_host,
};
use crate::Location;

/// Returns the page's location and renders anew when it changes.
#[hook]
pub fn use_location() -> Location {
    let host = use_host();
    let location = use_state_eq(|| host.location());
    {
        let location = location.setter();
        use_effect_with(host, move |host| {
            let subscription = host.on_location(move |new| location.set(new));
            move || drop(subscription)
        });
    }
    (*location).clone()
}
