//! From one form of the results to another.

use yew::prelude::*;

use crate::{state::View, tag::tag, ui::Ui};

/// Links that keep query, filters and order.
pub(super) fn view_switch(ui: &Ui) -> Html {
    let view = |view: View| {
        let link = ui.link("search-views__view", &ui.state.viewed(view).to_path());
        let link = if view == ui.state.view { link.set("aria-current", "true") } else { link };
        link.text(view.label()).end()
    };
    let group = tag("div", "search-views").set("role", "group").set("aria-label", "View");
    group.all(View::ALL.map(view)).end()
}
