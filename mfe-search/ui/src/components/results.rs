//! What is below the search box once something is asked.

use std::rc::Rc;

use mfe_search_api::Confidence;
use shared_ui::{Loadable, components::ProblemNote};
use yew::prelude::*;

use super::{ActiveFilters, CardSkeletons, EmptyState, FilterBar, Pager, ResultCard, SortSelect};
use crate::{
    found::Found,
    state::{PER_PAGE, SearchState},
};

/// Props of [`Results`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct ResultsProps {
    pub(crate) state: Rc<SearchState>,
    /// The latest answer, which may belong to the state before.
    pub(crate) found: Loadable<Found>,
    pub(crate) fetching: bool,
    /// Told the state to go to.
    pub(crate) on_change: Callback<SearchState>,
    pub(crate) on_retry: Callback<()>,
}

/// Filters, count and cards. The last answer stays, dimmed and busy, until the next one is there.
#[component]
pub(crate) fn Results(props: &ResultsProps) -> Html {
    let ResultsProps { state, found, fetching, on_change, on_retry } = props;
    let count = found.ready().map(|found| count_line(state, found));
    let facets = found.ready().map(|found| found.facets.clone());
    let on_sort = {
        let (state, on_change) = (state.clone(), on_change.clone());
        Callback::from(move |sort| on_change.emit(state.sorted(sort)))
    };
    let body = match found {
        Loadable::Loading => html! {
            <ul class="search-grid"><CardSkeletons count=6 /></ul>
        },
        Loadable::Failed(problem) => html! {
            <ProblemNote what="The search did not work" problem={problem.clone()}
                on_retry={on_retry.clone()} />
        },
        Loadable::Ready(found) => answer(state, found, on_change),
    };
    html! {
        <section class={classes!("search-results", fetching.then_some("is-fetching"))}
            aria-labelledby="search-count" aria-busy={fetching.to_string()}>
            <FilterBar {state} {facets} {on_change} />
            <ActiveFilters {state} {on_change} />
            <div class="search-results__bar">
                <h2 id="search-count" class="search-results__count">
                    { count.unwrap_or_else(|| "Stories".to_owned()) }
                </h2>
                <SortSelect sort={state.effective_sort()} ranked={!state.query.is_empty()} {on_sort} />
            </div>
            <div class="search-results__body">
                { body }
            </div>
        </section>
    }
}

fn answer(state: &Rc<SearchState>, found: &Found, on_change: &Callback<SearchState>) -> Html {
    if found.hits.is_empty() {
        return html! { <EmptyState {state} total={found.total} {on_change} /> };
    }
    html! {
        <>
            if found.confidence == Confidence::Low {
                <p class="search-results__doubt">{ "No strong match. These are the closest stories." }</p>
            }
            <ul class="search-grid">
                { for found.hits.iter().map(|hit| html! { <ResultCard key={&*hit.id} {hit} /> }) }
            </ul>
            <Pager {state} total={found.total} />
        </>
    }
}

/// Writes how many stories there are, and which of them are here.
pub(crate) fn count_line(state: &SearchState, found: &Found) -> String {
    let total = found.total.to_string();
    let stories = if found.total == 1 { " story" } else { " stories" };
    let shown = u32::try_from(found.hits.len()).unwrap_or(found.total);
    if found.total == 0 {
        return "No story matches this".to_owned();
    }
    if shown == 0 || shown == found.total {
        return [&total, stories].concat();
    }
    if state.page == 1 {
        return [&shown.to_string(), " of ", &total, stories].concat();
    }
    let first = (state.page - 1).saturating_mul(PER_PAGE);
    let (from, to) = (first.saturating_add(1), first.saturating_add(shown));
    [&from.to_string(), "–", &to.to_string(), " of ", &total, stories].concat()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use contract::Problem;
    use mfe_search_api::Confidence;
    use shared_ui::{Loadable, Location};
    use yew::prelude::*;

    use super::{Results, ResultsProps, count_line};
    use crate::{
        found::{Found, tests::found},
        state::SearchState,
    };

    fn at(path: &str) -> SearchState {
        SearchState::from_location(&Location::parse(path))
    }

    async fn render(path: &str, found: Loadable<Found>, fetching: bool) -> String {
        let props = ResultsProps {
            state: Rc::new(at(path)),
            found,
            fetching,
            on_change: Callback::noop(),
            on_retry: Callback::noop(),
        };
        yew::LocalServerRenderer::<Results>::with_props(props).hydratable(false).render().await
    }

    fn ready(total: u32, confidence: Confidence) -> Loadable<Found> {
        Loadable::Ready(Rc::new(found(total, confidence)))
    }

    #[test]
    fn the_count_says_which_stories_are_here() {
        let line = |path, total| count_line(&at(path), &found(total, Confidence::High));
        assert_eq!(line("/?q=a", 1), "1 story");
        assert_eq!(line("/?q=a", 40), "1 of 40 stories");
        assert_eq!(line("/?q=a&page=3", 40), "25–25 of 40 stories");
        assert_eq!(line("/?q=a&page=4294967295", 40), "4294967295–4294967295 of 40 stories");
        assert_eq!(count_line(&at("/?q=a"), &found(0, Confidence::None)), "No story matches this");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn results_have_a_count_cards_and_pages() {
        let html = render("/?q=a", ready(30, Confidence::High), false).await;
        for part in ["1 of 30 stories", "search-card__title", "href=\"/?q=a&amp;page=2\""] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("No strong match"), "{html}");
        assert!(html.contains("aria-busy=\"false\""), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_last_answer_stays_while_the_next_is_on_its_way() {
        let html = render("/?q=a", ready(1, Confidence::High), true).await;
        for part in ["is-fetching", "aria-busy=\"true\"", "search-card__title"] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn little_confidence_is_said() {
        let html = render("/?q=a", ready(1, Confidence::Low), false).await;
        assert!(html.contains("No strong match. These are the closest stories."), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn no_confidence_shows_ways_on_instead_of_results() {
        let html = render("/?q=a+b&era=X", ready(1, Confidence::None), false).await;
        for part in [
            "No story matches this",
            "href=\"/ask?q=a+b\"",
            "Without filters",
            "Try another search",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("search-card__title"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_service_that_is_down_leaves_the_filters_and_a_way_to_retry() {
        let problem = Problem {
            r#type: "/problems/upstream-down".to_owned(),
            title: String::new(),
            status: 502,
            detail: "Search does not answer.".to_owned(),
            request_id: String::new(),
            errors: Vec::new(),
        };
        let html = render("/?era=X", Loadable::Failed(problem), false).await;
        for part in ["Search does not answer.", "Try again</button>", "Remove the filter X"] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
