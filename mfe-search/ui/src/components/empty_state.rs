//! Nothing was found.

use shared_ui::with_query;
use yew::prelude::*;

use crate::{found::Found, state::chosen, ui::Ui};

const EXAMPLES: [&str; 4] =
    ["leaving a mainframe", "rescuing a programme", "event streaming", "coaching engineers"];

/// Says what to do next: drop the filters, ask instead, try another search.
pub(super) fn empty_state(ui: &Ui, found: &Found) -> Html {
    let state = &ui.state;
    if found.total > 0 {
        return html! {
            <div class="search-empty">
                <p class="search-empty__what">{ "There is no such page." }</p>
                { ui.link("button", &state.at_page(1).to_path(), html! { "To the first page" }) }
            </div>
        };
    }
    let example = |query: &&str| {
        html! { <li>{ ui.link("chip", &with_query("/", &[("q", query)]), html! { query }) }</li> }
    };
    html! {
        <div class="search-empty">
            { for outside(ui, found) }
            <ul class="search-empty__what">
                <li>{ "Check the spelling, or use fewer and plainer words." }</li>
                if state.chosen().next().is_some() {
                    <li>{ "Drop a filter: each of them narrows." }</li>
                }
                <li>{ "Ask it as a question: an answer draws on all stories." }</li>
            </ul>
            <div class="search-empty__ways">
                if state.chosen().next().is_some() {
                    <button type="button" class="button" onclick={ui.on_click(state.unfiltered())}>
                        { "Without filters" }
                    </button>
                }
                if !state.query.is_empty() {
                    { ui.link("button", &with_query("/ask", &[("q", &state.query)]), html! {
                        "Ask it as a question"
                    }) }
                }
            </div>
            <h3 class="search-empty__heading">{ "Try another search" }</h3>
            <ul class="search-empty__examples">{ for EXAMPLES.iter().map(example) }</ul>
        </div>
    }
}

/// Tells "none here" from "none at all".
fn outside(ui: &Ui, found: &Found) -> Option<Html> {
    let state = &ui.state;
    let set: Vec<_> = state.chosen().map(|(_, value)| value).collect();
    let read: Vec<_> = chosen(&found.understood).map(|(_, value)| value).collect();
    let (names, next) = match (set.is_empty(), read.is_empty()) {
        (false, _) => (set, state.unfiltered()),
        (true, false) => (read, state.literally()),
        (true, true) => return None,
    };
    let stories = if found.outside == 1 { " story matches" } else { " stories match" };
    (found.outside > 0).then(|| {
        html! {
            <p class="search-notice">
                { found.outside }{ stories }{ ", but none in " }{ names.join(", ") }{ ": " }
                <button type="button" class="search-notice__way" onclick={ui.on_click(next)}>
                    { "show them" }
                </button>
            </p>
        }
    })
}

#[cfg(test)]
mod tests {
    use mfe_search_api::{Confidence, Filters};

    use super::empty_state;
    use crate::{
        found::{Found, tests::found},
        ui::tests::{at, render},
    };

    async fn nothing(path: &str, outside: u32) -> String {
        let found = Found { outside, ..found(0, Confidence::None) };
        render(empty_state(&at(path), &found)).await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn only_the_ways_on_that_make_sense_are_offered() {
        let query = nothing("/?q=zebra", 0).await;
        assert!(query.contains("href=\"/ask?q=zebra\""), "{query}");
        assert!(!query.contains("Without filters"), "{query}");
        let filter = nothing("/?era=X", 0).await;
        assert!(filter.contains("Without filters"), "{filter}");
        assert!(!filter.contains("href=\"/ask"), "{filter}");
        assert!(!filter.contains("but none in"), "{filter}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn none_here_is_not_none_at_all() {
        let html = nothing("/?q=kafka&industry=Retail&era=R%26D", 12).await;
        assert!(html.contains("12 stories match, but none in Retail, R&amp;D: "), "{html}");
        assert!(nothing("/?q=a&era=X", 1).await.contains("1 story matches, but"));
        let understood = Filters { era: vec!["Turn".into()], ..Filters::default() };
        let found = Found { outside: 3, understood, ..found(0, Confidence::None) };
        let html = render(empty_state(&at("/?q=kafka+turn"), &found)).await;
        assert!(html.contains("3 stories match, but none in Turn: "), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_page_behind_the_last_leads_to_the_first() {
        let html = render(empty_state(&at("/?q=a&page=40"), &found(25, Confidence::High))).await;
        assert!(html.contains("href=\"/?q=a\""), "{html}");
    }
}
