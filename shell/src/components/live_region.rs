//! The page's one live region.

use yew::prelude::*;

/// Reads messages out without showing them (`role=status`, polite); `count` is how many there were: the same
/// words twice are two messages.
pub(crate) fn live_region(count: u32, message: &AttrValue) -> Html {
    html! {
        <div class="visually-hidden" role="status" aria-live="polite">
            <p key={count}>{ message.clone() }</p>
        </div>
    }
}
