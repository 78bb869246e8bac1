//! All ways to narrow.

use mfe_search_api::Facets;
use shared_ui::components::{Icon, IconName};
use yew::prelude::*;

use super::filter_menu::filter_menu;
use crate::{facet::Facet, ui::Ui};

/// A row of menus. On narrow screens it is a sheet over the page: the browser's own popover, which opens,
/// closes and keeps the focus by itself. `facets` are absent while they load.
pub(super) fn filter_bar(ui: &Ui, facets: Option<&Facets>, total: Option<u32>) -> Html {
    let none = Facets::default();
    let facets = facets.unwrap_or(&none);
    let chosen = ui.state.chosen().count();
    html! {
        <div class="search-filters">
            <button type="button" class="button search-filters__toggle" popovertarget="search-filters">
                { "Filters" }
                if chosen > 0 {
                    <span class="search-filters__chosen">{ chosen }</span>
                }
                <Icon name={IconName::ChevronDown} />
            </button>
            <div id="search-filters" class="search-filters__menus" popover="auto" role="group"
                aria-label="Filters">
                { for Facet::MENUS.map(|facet| filter_menu(ui, facet, &facet.options(facets, &ui.state.filters))) }
                <button type="button" class="button button--primary search-filters__done"
                    popovertarget="search-filters">
                    { "Show " }{ for total }{ " stories" }
                </button>
            </div>
        </div>
    }
}
