//! The order of the results.

use mfe_search_api::Sort;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::state::{sort_key, sort_of};

/// Props of [`SortSelect`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct SortSelectProps {
    /// The order now.
    pub(crate) sort: Sort,
    /// There is a query, so that results have a rank.
    pub(crate) ranked: bool,
    /// Told the order that was chosen.
    pub(crate) on_sort: Callback<Sort>,
}

/// A labelled select.
#[component]
pub(crate) fn SortSelect(props: &SortSelectProps) -> Html {
    let SortSelectProps { sort, ranked, on_sort } = props;
    let onchange = {
        let on_sort = on_sort.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                on_sort.emit(sort_of(&select.value()).unwrap_or(Sort::Relevance));
            }
        })
    };
    let option = |other: Sort| {
        html! { <option value={sort_key(other)} selected={other == *sort}>{ label(other) }</option> }
    };
    html! {
        <label class="search-sort">
            <span class="search-sort__label">{ "Sort" }</span>
            <select class="search-sort__select" {onchange}>
                if *ranked {
                    { option(Sort::Relevance) }
                }
                { for [Sort::Newest, Sort::Oldest, Sort::Title, Sort::Client].map(option) }
            </select>
        </label>
    }
}

fn label(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => "Best match",
        Sort::Newest => "Newest",
        Sort::Oldest => "Oldest",
        Sort::Title => "Title",
        Sort::Client => "Client",
    }
}

#[cfg(test)]
mod tests {
    use mfe_search_api::Sort;
    use yew::prelude::*;

    use super::{SortSelect, SortSelectProps};

    async fn render(sort: Sort, ranked: bool) -> String {
        let props = SortSelectProps { sort, ranked, on_sort: Callback::noop() };
        yew::LocalServerRenderer::<SortSelect>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn best_match_is_offered_only_where_there_is_a_query() {
        assert!(render(Sort::Relevance, true).await.contains("Best match"));
        let list = render(Sort::Newest, false).await;
        assert!(!list.contains("Best match"), "{list}");
        assert_eq!(list.matches("selected=").count(), 1, "{list}");
    }
}
