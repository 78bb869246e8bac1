//! A way in: all values of one property, as in the back of a book.

use std::rc::Rc;

use mfe_search_api::{FacetCount, Facets};
use shared_ui::{
    components::{Link, Skeleton, SkeletonShape},
    with_query,
};
use yew::prelude::*;

use crate::facet::Facet;

/// Props of [`FacetIndex`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct FacetIndexProps {
    pub(crate) facet: Facet,
    pub(crate) title: AttrValue,
    /// Absent while they load.
    pub(crate) facets: Option<Rc<Facets>>,
}

/// A section with a list of links; each narrows to its value.
#[component]
pub(crate) fn FacetIndex(props: &FacetIndexProps) -> Html {
    let FacetIndexProps { facet, title, facets } = props;
    let entry = |FacetCount { value, count }: &FacetCount| {
        html! {
            <li class="search-index__entry">
                <Link class="search-index__link" to={with_query("/", &[(facet.key(), value)])}>
                    <span>{ value }</span>
                    <span class="search-index__count">{ count }</span>
                </Link>
            </li>
        }
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
