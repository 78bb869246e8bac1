//! What there is to say of an answer: little confidence, words only, a failure.

use contract::Problem;
use mfe_search_api::Confidence;
use shared_ui::components::problem_card;
use yew::prelude::*;

use crate::{found::Found, tag::tag, ui::Ui};

/// Quiet lines above the results; nothing for an answer like any other.
pub(super) fn notices(ui: &Ui, found: &Found) -> Html {
    let doubtful = found.confidence == Confidence::Low && !found.hits.is_empty();
    let words_only = found.words_only && !ui.state.query.is_empty();
    let lines = [
        (words_only, "search-results__quiet", "Searching by words only: meaning search is off."),
        (doubtful, "search-notice", "No strong match: these are the nearest."),
    ];
    let lines = lines.into_iter().filter(|(said, ..)| *said);
    lines.map(|(_, class, text)| tag("p", class).text(text).end()).collect()
}

/// A request that failed: never to be taken for nothing found.
pub(super) fn failure(what: &str, problem: &Problem, retry: &Callback<()>) -> Html {
    let filling = problem.code() == "not-ready";
    let what = if filling { "The index is being filled" } else { what };
    let soon = filling.then(|| tag("p", "soft").text("This page tries again by itself.").end());
    problem_card(what, problem, soon, Some(retry))
}

#[cfg(test)]
mod tests {
    use contract::Problem;
    use mfe_search_api::Confidence;
    use yew::prelude::*;

    use super::{failure, notices};
    use crate::{
        found::{Found, tests::found},
        ui::tests::{at, render},
    };

    #[tokio::test(flavor = "current_thread")]
    async fn little_confidence_and_words_only_are_said() {
        let of = |path, confidence, words_only| {
            render(notices(&at(path), &Found { words_only, ..found(1, confidence) }))
        };
        assert_eq!(of("/?q=a", Confidence::High, false).await, "");
        assert!(of("/?q=a", Confidence::Low, false).await.contains("No strong match"));
        assert!(of("/?q=a", Confidence::High, true).await.contains("words only"));
        assert_eq!(of("/?era=X", Confidence::High, true).await, "", "a list has no meaning");
        assert_eq!(of("/?q=a", Confidence::None, false).await, "");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn an_index_that_is_being_filled_is_not_a_failure_of_the_page() {
        for (code, says) in
            [("not-ready", "The index is being filled"), ("upstream-down", "Broken")]
        {
            let problem = Problem {
                r#type: ["/problems/", code].concat(),
                title: String::new(),
                status: 503,
                detail: "Wait.".to_owned(),
                request_id: String::new(),
                errors: Vec::new(),
            };
            let html = render(failure("Broken", &problem, &Callback::noop())).await;
            assert!(html.contains(says), "{html}");
            assert_eq!(html.contains("by itself"), code == "not-ready", "{html}");
        }
    }
}
