//! Nothing was found.

use std::rc::Rc;

use shared_ui::{components::Link, with_query};
use yew::prelude::*;

use crate::state::SearchState;

const EXAMPLES: [&str; 4] =
    ["leaving a mainframe", "rescuing a programme", "event streaming", "coaching engineers"];

/// Props of [`EmptyState`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct EmptyStateProps {
    pub(crate) state: Rc<SearchState>,
    /// More than 0 when the page is behind the last one.
    pub(crate) total: u32,
    pub(crate) on_change: Callback<SearchState>,
}

/// Says what to do next: drop the filters, ask instead, try another search.
#[component]
pub(crate) fn EmptyState(props: &EmptyStateProps) -> Html {
    let EmptyStateProps { state, total, on_change } = props;
    if *total > 0 {
        return html! {
            <div class="search-empty">
                <p class="search-empty__what">{ "There is no such page." }</p>
                <Link class="button" to={state.at_page(1).to_path()}>{ "To the first page" }</Link>
            </div>
        };
    }
    let unfilter = {
        let (state, on_change) = (state.clone(), on_change.clone());
        Callback::from(move |_: MouseEvent| on_change.emit(state.unfiltered()))
    };
    let example = |query: &'static str| {
        html! { <li><Link class="chip" to={with_query("/", &[("q", query)])}>{ query }</Link></li> }
    };
    html! {
        <div class="search-empty">
            <p class="search-empty__what">
                { "Fewer words or filters may find more. A question in full is answered from all stories." }
            </p>
            <div class="search-empty__ways">
                if state.chosen().next().is_some() {
                    <button type="button" class="button" onclick={unfilter}>{ "Without filters" }</button>
                }
                if !state.query.is_empty() {
                    <Link class="button" to={with_query("/ask", &[("q", &state.query)])}>
                        { "Ask it as a question" }
                    </Link>
                }
            </div>
            <h3 class="search-empty__heading">{ "Try another search" }</h3>
            <ul class="search-empty__examples">{ for EXAMPLES.into_iter().map(example) }</ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use shared_ui::Location;
    use yew::prelude::*;

    use super::{EmptyState, EmptyStateProps};
    use crate::state::SearchState;

    async fn render(path: &str, total: u32) -> String {
        let state = Rc::new(SearchState::from_location(&Location::parse(path)));
        let props = EmptyStateProps { state, total, on_change: Callback::noop() };
        yew::LocalServerRenderer::<EmptyState>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn only_the_ways_on_that_make_sense_are_offered() {
        let query = render("/?q=zebra", 0).await;
        assert!(query.contains("href=\"/ask?q=zebra\""), "{query}");
        assert!(!query.contains("Without filters"), "{query}");
        let filter = render("/?era=X", 0).await;
        assert!(filter.contains("Without filters"), "{filter}");
        assert!(!filter.contains("/ask"), "{filter}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_page_behind_the_last_leads_to_the_first() {
        let html = render("/?q=a&page=40", 25).await;
        assert!(html.contains("href=\"/?q=a\""), "{html}");
    }
}
