//! A way in: all values of one property, each with its number of stories.

use mfe_search_api::{FacetCount, Facets};
use shared_ui::{
    components::{Skeleton, SkeletonShape},
    with_query,
};
use yew::prelude::*;

use crate::{facet::Facet, ui::Ui};

/// A section of cards; each narrows to its value. `facets` are absent while they load.
pub(super) fn facet_index(
    ui: &Ui,
    facet: Facet,
    title: &'static str,
    facets: Option<&Facets>,
) -> Html {
    let entry = |FacetCount { value, count }: &FacetCount| {
        let content = html! {
            <><span>{ value }</span><span class="search-index__count">{ count }</span></>
        };
        let path = with_query("/", &[(facet.key(), value)]);
        html! { <li class="search-index__entry">{ ui.link("search-index__link", &path, content) }</li> }
    };
    let list = match facets {
        Some(facets) => {
            html! { <ul class="search-index__list">{ for facet.counts(facets).iter().map(entry) }</ul> }
        }
        None => html! { <Skeleton shape={SkeletonShape::Text} count=4 /> },
    };
    let id = ["search-index-", facet.key()].concat();
    html! {
        <section class="search-index" aria-labelledby={id.clone()}>
            <h2 {id}>{ title }</h2>
            { list }
        </section>
    }
}
