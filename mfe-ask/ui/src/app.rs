//! The ask remote's root component.

use yew::prelude::*;

use crate::pages::Conversation;

/// The root component; every path of this remote is the one page.
#[component]
pub fn App() -> Html {
    html! { <Conversation /> }
}
