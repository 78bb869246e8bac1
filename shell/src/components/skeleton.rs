//! What stands where a remote will be.

use yew::prelude::*;

/// Calm blocks in the shape of any page. The stylesheet shows them only after 120 ms, so that a quick
/// remote does not flicker; nothing is read out (`aria-hidden`, the main part is `aria-busy`).
pub(crate) fn skeleton() -> Html {
    html! {
        <div key="waiting" class="page waiting" aria-hidden="true">
            <div class="skeleton skeleton--title" />
            <div class="skeleton skeleton--text" />
            <div class="waiting__cards">
                <div class="skeleton skeleton--card" />
                <div class="skeleton skeleton--card" />
                <div class="skeleton skeleton--card" />
            </div>
        </div>
    }
}
