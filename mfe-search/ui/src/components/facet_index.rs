//! A way in: all values of one property, each with its number of stories.

use mfe_search_api::{FacetCount, Facets};
use shared_ui::with_query;
use yew::prelude::*;

use crate::{facet::Facet, tag::tag, ui::Ui};

/// A section of cards; each narrows to its value. `facets` are absent while they load.
pub(super) fn facet_index(
    ui: &Ui,
    facet: Facet,
    title: &'static str,
    facets: Option<&Facets>,
) -> Html {
    let entry = |FacetCount { value, count }: &FacetCount| {
        let link = ui
            .link("search-index__link", &with_query("/", &[(facet.key(), value.as_str())]))
            .with_text("span", "", value)
            .add(tag("span", "search-index__count").number(*count).end());
        tag("li", "").add(link.end()).end()
    };
    let list = match facets {
        Some(facets) => tag("ul", "search-index__list").all(facet.counts(facets).iter().map(entry)),
        None => tag("div", "skeleton search-index__coming"),
    };
    let heading = tag("h2", "").set("id", facet.key()).text(title);
    tag("section", "search-index")
        .set("aria-labelledby", facet.key())
        .add(heading.end())
        .add(list.end())
        .end()
}
