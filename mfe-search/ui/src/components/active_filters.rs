//! The filters that are set, and those that were read out of the query.

use mfe_search_api::Filters;
use shared_ui::components::{Icon, IconName};
use yew::prelude::*;

use crate::{facet::Facet, state::chosen, ui::Ui};

/// Buttons, each removing one filter, and those that remove more; nothing without filters.
pub(super) fn active_filters(ui: &Ui, understood: Option<&Filters>) -> Html {
    html! { <>{ set(ui) }{ for understood.map(|filters| read(ui, filters)) }</> }
}

fn set(ui: &Ui) -> Html {
    let state = &ui.state;
    if state.chosen().next().is_none() {
        return Html::default();
    }
    let chip = |(facet, value): (Facet, &str)| {
        html! {
            <li key={[facet.key(), "=", value].concat()}>
                <button type="button" class="chip is-active search-active__chip"
                    aria-label={["Remove the filter ", value].concat()}
                    onclick={ui.on_click(state.toggled(facet, value))}>
                    { value }<Icon name={IconName::Close} />
                </button>
            </li>
        }
    };
    html! {
        <ul class="search-active" aria-label="Filters that are set">
            { for state.chosen().map(chip) }
            <li key="all">
                <button type="button" class="search-active__clear"
                    onclick={ui.on_click(state.unfiltered())}>
                    { "Clear all" }
                </button>
                { ui.link("search-active__clear", "/", html! { "Reset" }) }
            </li>
        </ul>
    }
}

/// Says what was taken as a filter, and offers the words instead.
fn read(ui: &Ui, understood: &Filters) -> Html {
    if chosen(understood).next().is_none() {
        return Html::default();
    }
    let chip = |(facet, value): (Facet, &str)| {
        html! {
            <li key={[facet.key(), "=", value].concat()} class="chip search-understood__chip">
                <span class="search-understood__facet">{ facet.label() }</span>{ value }
            </li>
        }
    };
    html! {
        <div class="search-understood">
            <p id="search-understood">{ "Read out of your words:" }</p>
            <ul class="search-understood__list" aria-labelledby="search-understood">
                { for chosen(understood).map(chip) }
            </ul>
            <button type="button" class="search-active__clear"
                onclick={ui.on_click(ui.state.literally())}>
                { "Search the words instead" }
            </button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use mfe_search_api::Filters;

    use super::active_filters;
    use crate::ui::tests::{at, render};

    #[tokio::test(flavor = "current_thread")]
    async fn every_filter_of_the_url_can_be_removed() {
        assert_eq!(render(active_filters(&at("/?q=a"), None)).await, "");
        let html = render(active_filters(&at("/?era=X&era=Y&theme=Z"), None)).await;
        for value in ["X", "Y", "Z"] {
            assert!(html.contains(&["Remove the filter ", value].concat()), "{value} in {html}");
        }
        for part in ["Clear all", "<a href=\"/\"", ">Reset</a>"] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_was_read_out_of_the_query_is_told_and_can_be_refused() {
        let filters = Filters { era: vec!["Cloud & Turn".into()], ..Filters::default() };
        let html = render(active_filters(&at("/?q=cloud+turn"), Some(&filters))).await;
        for part in ["Era</span>Cloud &amp; Turn", "Search the words instead"] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("Remove the filter"), "{html}");
        let none = render(active_filters(&at("/?q=a"), Some(&Filters::default()))).await;
        assert_eq!(none, "");
    }
}
