//! What stands at an address that names no industry.

use shared_ui::{
    Loadable,
    components::{Link, ProblemNote, Skeleton, SkeletonShape},
    hooks::{use_query, use_title},
};
use yew::prelude::*;

use crate::client;

/// Says so, and offers every industry that there is.
#[component]
pub(crate) fn NotFound() -> Html {
    use_title("No such industry".into());
    let query = use_query((), |host, (), signal| client::industries(host, signal));
    let ways_on = match &query.data {
        Loadable::Loading => html! { <Skeleton shape={SkeletonShape::Chip} count={8} /> },
        Loadable::Ready(data) => data
            .industries
            .iter()
            .map(|industry| {
                let to = ["/industries/", industry.slug.as_str()].concat();
                html! { <li><Link class="chip industries-chip" {to}>{ &industry.name }</Link></li> }
            })
            .collect(),
        Loadable::Failed(problem) => html! {
            <li><ProblemNote what="The industries could not be loaded" problem={problem.clone()}
                on_retry={query.retry.clone()} /></li>
        },
    };
    html! {
        <div class="page">
            <header class="industries-head">
                <h1>{ "There is no such industry" }</h1>
                <p class="soft">{ "The address may be misspelt, or its stories were moved. These are all the industries:" }</p>
            </header>
            <ul class="industries-chips" aria-busy={query.fetching.to_string()}>{ ways_on }</ul>
            <p class="industries-all"><Link to="/">{ "Or search all the work" }</Link></p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::NotFound;

    #[tokio::test(flavor = "current_thread")]
    async fn an_unknown_address_has_a_heading_and_ways_on() {
        let html = yew::LocalServerRenderer::<NotFound>::new().hydratable(false).render().await;
        for part in ["<h1>There is no such industry</h1>", "href=\"/\"", "aria-busy=\"true\""] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
