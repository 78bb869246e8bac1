//! All ways to narrow.

use std::rc::Rc;

use mfe_search_api::Facets;
use shared_ui::components::{Icon, IconName};
use yew::prelude::*;

use super::FilterMenu;
use crate::{facet::Facet, hooks::use_outside_close, state::SearchState};

/// Props of [`FilterBar`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct FilterBarProps {
    pub(crate) state: Rc<SearchState>,
    /// Absent while they load and when they could not be had.
    pub(crate) facets: Option<Rc<Facets>>,
    /// Told the state to go to.
    pub(crate) on_change: Callback<SearchState>,
}

/// A row of menus; on narrow screens one disclosure button shows and hides them.
#[component]
pub(crate) fn FilterBar(props: &FilterBarProps) -> Html {
    let FilterBarProps { state, facets, on_change } = props;
    let bar = use_node_ref();
    let open = use_state_eq(|| false);
    use_outside_close(&bar);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let menu = |facet: Facet| {
        let options = facets.as_deref().map_or_else(
            || facet.options(&Facets::default(), &state.filters),
            |facets| facet.options(facets, &state.filters),
        );
        let on_toggle = {
            let (state, on_change) = (state.clone(), on_change.clone());
            Callback::from(move |value: AttrValue| on_change.emit(state.toggled(facet, &value)))
        };
        html! {
            <FilterMenu key={facet.key()} {facet} options={Rc::from(options)} {on_toggle} />
        }
    };
    let chosen = state.chosen().count();
    html! {
        <div ref={bar} class={classes!("search-filters", open.then_some("is-open"))}>
            <button type="button" class="button search-filters__toggle" onclick={toggle}
                aria-expanded={open.to_string()} aria-controls="search-filters-menus">
                { "Filters" }
                if chosen > 0 {
                    <span class="search-filters__chosen">{ chosen }</span>
                }
                <Icon name={IconName::ChevronDown} />
            </button>
            <div id="search-filters-menus" class="search-filters__menus" role="group" aria-label="Filters">
                { for Facet::MENUS.into_iter().map(menu) }
            </div>
        </div>
    }
}
