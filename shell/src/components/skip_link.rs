//! The first thing that the tab key reaches.

use yew::prelude::*;

/// A link past header and navigation, visible while it has the focus.
#[component]
pub(crate) fn SkipLink() -> Html {
    html! { <a class="skip-link" href="#main">{ "Skip to content" }</a> }
}
