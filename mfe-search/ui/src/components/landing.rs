//! What is below the search box before anything is asked.

use shared_ui::{
    Loadable,
    components::{Icon, IconName, Link, ProblemNote},
};
use yew::prelude::*;

use super::{CardSkeletons, FacetIndex, ResultCard};
use crate::{
    facet::Facet,
    found::Found,
    state::{NEWEST, SearchState},
};

/// Props of [`Landing`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct LandingProps {
    pub(crate) found: Loadable<Found>,
    pub(crate) on_retry: Callback<()>,
}

/// Counts, the newest stories and two ways in; sections with headings, busy while they load.
#[component]
pub(crate) fn Landing(props: &LandingProps) -> Html {
    let found = match &props.found {
        Loadable::Failed(problem) => {
            return html! {
                <ProblemNote what="The stories could not be loaded" problem={problem.clone()}
                    on_retry={props.on_retry.clone()} />
            };
        }
        Loadable::Loading => None,
        Loadable::Ready(found) => Some(&**found),
    };
    let facets = found.map(|found| found.facets.clone());
    html! {
        <div class="search-landing" aria-busy={found.is_none().to_string()}>
            <div class="search-counts">{ for found.map(counts) }</div>
            <section class="search-landing__newest" aria-labelledby="search-newest">
                <h2 id="search-newest">{ "Newest stories" }</h2>
                <ul class="search-grid">{ cards(found) }</ul>
                { for found.map(all) }
            </section>
            <div class="search-landing__ways">
                <FacetIndex facet={Facet::Capability} title="By capability"
                    facets={facets.clone()} />
                <FacetIndex facet={Facet::Industry} title="By industry"
                    facets={facets.clone()} />
            </div>
        </div>
    }
}

fn counts(found: &Found) -> Html {
    let numbers = [
        (found.total.to_string(), "stories"),
        (found.facets.client.len().to_string(), "clients"),
        (found.facets.industry.len().to_string(), "industries"),
    ];
    let number = |(number, of): (String, &'static str)| {
        html! { <li><strong class="search-counts__number">{ number }</strong>{ " " }{ of }</li> }
    };
    html! { <ul class="search-counts__list">{ for numbers.into_iter().map(number) }</ul> }
}

fn cards(found: Option<&Found>) -> Html {
    match found {
        None => html! { <CardSkeletons count={NEWEST} /> },
        Some(found) => {
            found.hits.iter().map(|hit| html! { <ResultCard key={&*hit.id} {hit} /> }).collect()
        }
    }
}

fn all(found: &Found) -> Html {
    let newest = SearchState::default().sorted(mfe_search_api::Sort::Newest);
    html! {
        <p class="search-landing__all">
            <Link class="button" to={newest.to_path()}>
                { "All " }{ found.total }{ " stories" }<Icon name={IconName::ArrowRight} />
            </Link>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use mfe_search_api::Confidence;
    use shared_ui::Loadable;
    use yew::prelude::*;

    use super::{Landing, LandingProps};
    use crate::found::tests::found;

    #[tokio::test(flavor = "current_thread")]
    async fn the_landing_counts_shows_the_newest_and_leads_on() {
        let found = Loadable::Ready(Rc::new(found(112, Confidence::High)));
        let props = LandingProps { found, on_retry: Callback::noop() };
        let html =
            yew::LocalServerRenderer::<Landing>::with_props(props).hydratable(false).render().await;
        for part in [
            "112</strong> stories",
            "1</strong> clients",
            "2</strong> industries",
            "href=\"/story/exit-the-mainframe\"",
            "href=\"/?sort=newest\"",
            "All 112 stories",
            "href=\"/?industry=Retail\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
