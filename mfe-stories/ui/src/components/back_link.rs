//! The way back.

use shared_ui::components::{Icon, IconName, Link};
use yew::prelude::*;

/// A link to all work.
#[component]
pub(crate) fn BackLink() -> Html {
    html! {
        <Link class="stories-back" to="/"><Icon name={IconName::ArrowLeft} />{ "Back to all work" }</Link>
    }
}
