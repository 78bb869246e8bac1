//! What is below the search box once something is asked.

use shared_ui::Loadable;
use yew::prelude::*;

use super::{
    active_filters::active_filters,
    cards::{cards, coming},
    empty_state::empty_state,
    filter_bar::filter_bar,
    notices::{failure, notices},
    result_table::ResultTable,
    sort_select::{size_select, sort_select},
    timeline::timeline,
    view_switch::view_switch,
};
use crate::{
    found::Found,
    state::{SearchState, View},
    tag::tag,
    ui::Ui,
};

/// Filters, count and results. The last answer stays, with a running line above it, until the next one is there; it may
/// belong to the state before.
pub(crate) fn results(
    ui: &Ui,
    found: &Loadable<Found>,
    fetching: bool,
    retry: &Callback<()>,
) -> Html {
    let state = &ui.state;
    let answer = found.ready();
    let count = answer.map(|found| count_line(state, found));
    let body = match found {
        Loadable::Loading => coming(6),
        Loadable::Failed(problem) => failure("The search did not work", problem, retry),
        Loadable::Ready(found) if found.hits.is_empty() => empty_state(ui, found),
        Loadable::Ready(found) => match state.view {
            View::Table => html! { <ResultTable ui={ui.clone()} {found} /> },
            View::Timeline if !found.eras.is_empty() => timeline(ui, found),
            // What was there stays until the eras come.
            View::Cards | View::Timeline => cards(ui, found),
        },
    };
    let class = if fetching { "search-results is-fetching" } else { "search-results" };
    let heading = tag("h2", "search-results__count").set("id", "search-count");
    let form = tag("div", "search-results__form")
        .maybe((state.view == View::Table).then(|| size_select(ui)))
        .maybe((state.view != View::Timeline).then(|| sort_select(ui)))
        .add(view_switch(ui));
    let bar = tag("div", "search-results__bar")
        .add(heading.text(count.as_deref().unwrap_or("Stories")).end())
        .add(form.end());
    tag("section", class)
        .set("aria-labelledby", "search-count")
        .flag("aria-busy", fetching)
        .add(filter_bar(ui, answer.map(|found| &*found.facets), answer.map(|found| found.total)))
        .add(active_filters(ui, answer.map(|found| &found.understood)))
        .add(bar.end())
        .maybe(answer.map(|found| notices(ui, found)))
        .add(tag("div", "search-results__body").add(body).end())
        .end()
}

/// Writes how many stories there are, and which of them are here.
pub(crate) fn count_line(state: &SearchState, found: &Found) -> String {
    let total = found.total.to_string();
    let stories = if found.total == 1 { " story" } else { " stories" };
    let shown = u32::try_from(found.hits.len()).unwrap_or(found.total);
    if found.total == 0 {
        return "No story matches this".to_owned();
    }
    let whole = shown == 0 || shown == found.total;
    if whole || state.view == View::Timeline || state.is_endless() {
        return [&total, stories].concat();
    }
    if state.page == 1 {
        return [&shown.to_string(), " of ", &total, stories].concat();
    }
    let first = (state.page - 1).saturating_mul(state.per_page());
    let (from, to) = (first.saturating_add(1), first.saturating_add(shown));
    [&from.to_string(), "–", &to.to_string(), " of ", &total, stories].concat()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use contract::Problem;
    use mfe_search_api::Confidence;
    use shared_ui::Loadable;
    use yew::prelude::*;

    use super::{count_line, results};
    use crate::{
        found::{
            Found,
            tests::{counted, found},
        },
        timeline::eras,
        ui::tests::{at, render},
    };

    async fn shown(path: &str, found: Loadable<Found>, fetching: bool) -> String {
        render(results(&at(path), &found, fetching, &Callback::noop())).await
    }

    fn ready(total: u32, confidence: Confidence) -> Loadable<Found> {
        Loadable::Ready(Rc::new(found(total, confidence)))
    }

    #[test]
    fn the_count_says_which_stories_are_here() {
        let line = |path, total| count_line(&at(path).state, &found(total, Confidence::High));
        assert_eq!(line("/?q=a", 1), "1 story");
        assert_eq!(line("/?q=a", 40), "1 of 40 stories");
        assert_eq!(line("/?q=a&page=3", 40), "25–25 of 40 stories");
        assert_eq!(line("/?q=a&view=table&page=3", 41), "41–41 of 41 stories");
        assert_eq!(line("/?q=a&view=timeline", 40), "40 stories");
        assert_eq!(line("/?q=a&view=table&size=all", 40), "40 stories");
        assert_eq!(line("/?q=a&page=4294967295", 40), "4294967295–4294967295 of 40 stories");
        let none = found(0, Confidence::None);
        assert_eq!(count_line(&at("/?q=a").state, &none), "No story matches this");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn results_have_a_count_cards_pages_and_other_views() {
        let html = shown("/?q=a", ready(30, Confidence::High), false).await;
        for part in [
            "1 of 30 stories",
            "search-card__title",
            "href=\"/?q=a&amp;page=2\"",
            "href=\"/?q=a&amp;view=timeline\"",
            "aria-current=\"true\">Cards",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("No strong match"), "{html}");
        assert!(html.contains("aria-busy=\"false\""), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_last_answer_stays_while_the_next_is_on_its_way() {
        let html = shown("/?q=a", ready(1, Confidence::High), true).await;
        for part in ["is-fetching", "aria-busy=\"true\"", "search-card__title"] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_timeline_shows_what_was_there_until_its_eras_come() {
        let html = shown("/?q=a&view=timeline", ready(1, Confidence::High), true).await;
        assert!(html.contains("search-card__title"), "{html}");
        let eras = eras(&[counted("Cloud Turn", 1)], &[], &[]);
        let found = Found { eras, ..found(1, Confidence::High) };
        let html = shown("/?view=timeline", Loadable::Ready(Rc::new(found)), false).await;
        assert!(html.contains("Cloud Turn") && !html.contains("search-card__title"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn little_confidence_is_said() {
        let html = shown("/?q=a", ready(1, Confidence::Low), false).await;
        assert!(html.contains("No strong match: these are the nearest."), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn no_confidence_shows_ways_on_instead_of_results() {
        let html = shown("/?q=a+b&era=X", ready(1, Confidence::None), false).await;
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
        let html = shown("/?era=X", Loadable::Failed(problem), false).await;
        for part in ["Search does not answer.", "Try again</button>", "Remove the filter X"] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("No story matches"), "{html}");
    }
}
