//! All ways to narrow.

use mfe_search_api::Facets;
use shared_ui::components::{IconName, icon};
use yew::prelude::*;

use super::filter_menu::{chosen_count, filter_menu};
use crate::{facet::Facet, tag::tag, ui::Ui};

const SHEET: &str = "search-filters";

/// A row of menus. On narrow screens it is a sheet over the page: the browser's own popover, which opens,
/// closes and keeps the focus by itself. `facets` are absent while they load, `total` too.
pub(super) fn filter_bar(ui: &Ui, facets: Option<&Facets>, total: Option<u32>) -> Html {
    let total = total.unwrap_or_default();
    let none = Facets::default();
    let facets = facets.unwrap_or(&none);
    let toggle = tag("button", "button search-filters__toggle")
        .set("type", "button")
        .set("popovertarget", SHEET)
        .text("Filters")
        .maybe(chosen_count(ui.state.chosen().count()))
        .add(icon(IconName::ChevronDown));
    let menu = |facet: Facet| filter_menu(ui, facet, &facet.options(facets, &ui.state.filters));
    let done = tag("button", "button button--primary search-filters__done")
        .set("type", "button")
        .set("popovertarget", SHEET)
        .text(&["Show ", &total.to_string(), " stories"].concat());
    let sheet = tag("div", "search-filters__menus")
        .set("id", SHEET)
        .set("popover", "auto")
        .set("role", "group")
        .set("aria-label", "Filters")
        .all(Facet::MENUS.map(menu))
        .add(done.end());
    tag("div", "search-filters").add(toggle.end()).add(sheet.end()).end()
}
