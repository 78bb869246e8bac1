//! The first thing that the tab key reaches.

use yew::prelude::*;

/// A link past header and navigation, visible while it has the focus.
pub(crate) fn skip_link() -> Html {
    html! { <a class="skip-link" href="#main">{ "Skip to content" }</a> }
}
