//! The ask remote's root component.

use yew::prelude::*;

/// The root component.
#[component]
pub fn App() -> Html {
    html! { <h1>{ "ask" }</h1> }
}
