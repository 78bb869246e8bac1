//! From one form of the results to another.

use yew::prelude::*;

use crate::{state::View, ui::Ui};

/// Links that keep query, filters and order.
pub(super) fn view_switch(ui: &Ui) -> Html {
    let view = |view: View| {
        let current = (view == ui.state.view).then_some("true");
        let href = ui.host.href(&ui.state.viewed(view).to_path());
        html! { <a class="search-views__view" {href} aria-current={current}>{ view.label() }</a> }
    };
    html! { <div class="search-views" role="group" aria-label="View">{ for View::ALL.map(view) }</div> }
}
