//! The filters that are set.

use std::rc::Rc;

use shared_ui::components::{Icon, IconName};
use yew::prelude::*;

use crate::{facet::Facet, state::SearchState};

/// Props of [`ActiveFilters`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct ActiveFiltersProps {
    pub(crate) state: Rc<SearchState>,
    /// Told the state without a filter.
    pub(crate) on_change: Callback<SearchState>,
}

/// A list of buttons, each removing one filter, and one that removes all; nothing without filters.
#[component]
pub(crate) fn ActiveFilters(props: &ActiveFiltersProps) -> Html {
    let ActiveFiltersProps { state, on_change } = props;
    if state.chosen().next().is_none() {
        return Html::default();
    }
    let to = |next: SearchState| {
        let on_change = on_change.clone();
        Callback::from(move |_: MouseEvent| on_change.emit(next.clone()))
    };
    let chip = |(facet, value): (Facet, &str)| {
        html! {
            <li key={[facet.key(), "=", value].concat()}>
                <button type="button" class="chip is-active search-active__chip"
                    aria-label={["Remove the filter ", value].concat()}
                    onclick={to(state.toggled(facet, value))}>
                    { value }<Icon name={IconName::Close} />
                </button>
            </li>
        }
    };
    html! {
        <ul class="search-active" aria-label="Filters that are set">
            { for state.chosen().map(chip) }
            <li key="all">
                <button type="button" class="search-active__clear" onclick={to(state.unfiltered())}>
                    { "Clear all" }
                </button>
            </li>
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_ui::Location;
    use yew::prelude::*;

    use super::{ActiveFilters, ActiveFiltersProps};
    use crate::state::SearchState;

    async fn render(path: &str) -> String {
        let state = Rc::new(SearchState::from_location(&Location::parse(path)));
        let props = ActiveFiltersProps { state, on_change: Callback::noop() };
        yew::LocalServerRenderer::<ActiveFilters>::with_props(props)
            .hydratable(false)
            .render()
            .await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn every_filter_of_the_url_can_be_removed() {
        assert_eq!(render("/?q=a").await, "");
        let html = render("/?era=X&era=Y&sub_category=Z").await;
        for value in ["X", "Y", "Z"] {
            assert!(html.contains(&["Remove the filter ", value].concat()), "{value} in {html}");
        }
        assert!(html.contains("Clear all"), "{html}");
    }
}
