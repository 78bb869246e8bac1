//! The filters that are set, and those that were read out of the query.

use mfe_search_api::Filters;
use shared_ui::components::{IconName, icon};
use yew::prelude::*;

use crate::{facet::Facet, state::chosen, tag::tag, ui::Ui};

/// Buttons, each removing one filter, and those that remove more; nothing without filters.
pub(super) fn active_filters(ui: &Ui, understood: Option<&Filters>) -> Html {
    [set(ui), understood.and_then(|filters| read(ui, filters))].into_iter().flatten().collect()
}

fn set(ui: &Ui) -> Option<Html> {
    let state = &ui.state;
    state.chosen().next()?;
    let chip = |(facet, value): (Facet, &str)| {
        let chip = ui
            .button("chip is-active search-active__chip", state.toggled(facet, value))
            .with("aria-label", &["Remove the filter ", value].concat())
            .text(value)
            .add(icon(IconName::Close));
        tag("li", "").key(&[facet.key(), "=", value].concat()).add(chip.end()).end()
    };
    let all = ui.button("search-active__clear", state.unfiltered()).text("Clear all");
    let reset = ui.link("search-active__clear", "/").text("Reset");
    let ways = tag("li", "").key("all").add(all.end()).add(reset.end());
    let list = tag("ul", "search-active").set("aria-label", "Filters that are set");
    Some(list.all(state.chosen().map(chip)).add(ways.end()).end())
}

/// Says what was taken as a filter, and offers the words instead.
fn read(ui: &Ui, understood: &Filters) -> Option<Html> {
    chosen(understood).next()?;
    let chip = |(facet, value): (Facet, &str)| {
        tag("li", "chip search-understood__chip")
            .with_text("span", "search-understood__facet", facet.label())
            .text(value)
            .end()
    };
    let words = ui.button("search-active__clear", ui.state.literally());
    let list = tag("ul", "search-understood__list").set("aria-label", "Read out of your words");
    let part = tag("div", "search-understood")
        .with_text("p", "", "Read out of your words:")
        .add(list.all(chosen(understood).map(chip)).end())
        .add(words.text("Search the words instead").end());
    Some(part.end())
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
        for part in ["Clear all", "href=\"/\">Reset</a>"] {
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
