//! Nothing was found.

use shared_ui::with_query;
use yew::prelude::*;

use crate::{found::Found, state::listed, tag::tag, ui::Ui};

const EXAMPLES: [&str; 4] =
    ["leaving a mainframe", "rescuing a programme", "event streaming", "coaching engineers"];

/// Says what to do next: drop the filters, ask instead, try another search.
pub(super) fn empty_state(ui: &Ui, found: &Found) -> Html {
    let state = &ui.state;
    let part = tag("div", "search-empty");
    if found.total > 0 {
        let first = ui.link("button", &state.at_page(1).to_path()).text("To the first page");
        return part.with_text("p", "", "There is no such page.").add(first.end()).end();
    }
    let (filtered, asked) = (state.chosen().next().is_some(), !state.query.is_empty());
    let advice = [
        (asked, "Check the spelling, or use fewer and plainer words."),
        (filtered, "Drop a filter: each of them narrows."),
        (asked, "Ask it as a question: an answer draws on all stories."),
    ];
    let advice = advice.into_iter().filter(|(helps, _)| *helps);
    let advice = advice.map(|(_, text)| tag("li", "").text(text).end());
    let unfiltered =
        filtered.then(|| ui.button("button", state.unfiltered()).text("Without filters").end());
    let ask = asked.then(|| {
        let path = with_query("/ask", &[("q", state.query.as_str())]);
        ui.link("button", &path).text("Ask it as a question").end()
    });
    let example = |query: &str| {
        let link = ui.link("chip", &with_query("/", &[("q", query)])).text(query);
        tag("li", "").add(link.end()).end()
    };
    part.maybe(outside(ui, found))
        .add(tag("ul", "search-empty__what").all(advice).end())
        .add(tag("div", "search-empty__ways").maybe(unfiltered).maybe(ask).end())
        .with_text("h3", "search-empty__heading", "Try another search")
        .add(tag("ul", "search-empty__examples").all(EXAMPLES.map(example)).end())
        .end()
}

/// Tells "none here" from "none at all".
fn outside(ui: &Ui, found: &Found) -> Option<Html> {
    let state = &ui.state;
    let (set, read) = (listed(&state.filters), listed(&found.understood));
    let (names, next) = match (set.is_empty(), read.is_empty()) {
        (false, _) => (set, state.unfiltered()),
        (true, false) => (read, state.literally()),
        (true, true) => return None,
    };
    let stories = if found.outside == 1 { " story matches" } else { " stories match" };
    let text = [&found.outside.to_string(), stories, ", but none in ", &names, ": "];
    let show = ui.button("search-notice__way", next).text("show them");
    (found.outside > 0)
        .then(|| tag("p", "search-notice").text(&text.concat()).add(show.end()).end())
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
