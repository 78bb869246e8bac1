//! The page's one live region.

use yew::prelude::*;

/// Properties of [`LiveRegion`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(crate) struct LiveRegionProps {
    /// How many messages there were: the same words twice are two messages.
    pub(crate) count: u32,
    /// What to read out.
    pub(crate) message: AttrValue,
}

/// Reads messages out without showing them (`role=status`, polite).
#[component]
pub(crate) fn LiveRegion(props: &LiveRegionProps) -> Html {
    html! {
        <div class="visually-hidden" role="status" aria-live="polite">
            <p key={props.count}>{ props.message.clone() }</p>
        </div>
    }
}
