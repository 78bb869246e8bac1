//! The search service, as this remote calls it.

use std::{cell::Cell, time::Duration};

use contract::Problem;
use mfe_search_api::{HYBRID, KEYWORD, SUGGEST, SearchRequest};
use shared_ui::{
    client::{fetch_value, unreadable, written},
    kit::Host,
    with_query,
};
use web_sys::AbortSignal;
use yew::platform::time::sleep;

use crate::{found::Found, timeline, wire};

/// A question to the service. One type for all, as is [`Found`] for the answers: `use_query` would be
/// compiled anew for each pair of types.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Ask {
    /// None: the answer is empty and comes at once.
    #[default]
    Nothing,
    /// One page of results.
    Page(SearchRequest),
    /// Another page of rows: after a moment at one place, for what only flies by is not wanted.
    Rows(SearchRequest),
    /// The newest of each era.
    Timeline(SearchRequest),
    /// What a typed beginning may become.
    Suggest(String),
}

/// At one place before its rows are fetched.
const PAUSE: Duration = Duration::from_millis(80);

thread_local! {
    /// Meaning search was found to be off. As long as this mount: the next one may be luckier.
    static WORDS_ONLY: Cell<bool> = const { Cell::new(false) };
}

/// Answers a question.
///
/// # Errors
/// The service's problem, or that it could not be reached.
pub(crate) async fn find(
    host: Host,
    ask: Ask,
    signal: Option<AbortSignal>,
) -> Result<Found, Problem> {
    let mut request = match &ask {
        Ask::Nothing => return Ok(Found::default()),
        Ask::Suggest(_) => None,
        Ask::Page(request) | Ask::Rows(request) | Ask::Timeline(request) => Some(request.clone()),
    };
    if matches!(ask, Ask::Rows(_)) {
        sleep(PAUSE).await;
        if signal.as_ref().is_some_and(AbortSignal::aborted) {
            return Ok(Found::default());
        }
    }
    let mut found: Option<Found> = None;
    // One place that waits, because each is a state machine of its own.
    loop {
        // An empty query has no meaning: it only lists.
        let lists = request.as_ref().is_none_or(|request| request.query.is_empty());
        let by_words = lists || WORDS_ONLY.get();
        let path = match &ask {
            Ask::Suggest(text) => with_query(SUGGEST, &[("q", text.as_str())]),
            _ if by_words => KEYWORD.to_owned(),
            _ => HYBRID.to_owned(),
        };
        let body = request.as_ref().map(written).transpose()?;
        let answer = match fetch_value(&host, &path, body.as_ref(), signal.as_ref()).await {
            Err(problem) if !by_words && is_off(&problem) => {
                WORDS_ONLY.set(true);
                continue;
            }
            answer => answer?,
        };
        let Some(request) = &mut request else {
            let suggestions = wire::suggestions(&answer).ok_or_else(unreadable)?;
            return Ok(Found { suggestions, ..Found::default() });
        };
        let response = wire::response(&answer).ok_or_else(unreadable)?;
        let found = match &mut found {
            // More of one era.
            Some(found) => {
                timeline::complete(&mut found.eras, response.results);
                found
            }
            none => {
                let answer = Found::new(&ask, response);
                none.insert(Found { words_only: WORDS_ONLY.get(), ..answer })
            }
        };
        match timeline::incomplete(&found.eras) {
            Some(era) => {
                request.filters.era = vec![era.to_owned()];
                request.top_k = timeline::PER_ERA;
            }
            None => return Ok(std::mem::take(found).ordered()),
        }
    }
}

/// Tells whether a problem says that there is no search by meaning, for now or at all.
fn is_off(problem: &Problem) -> bool {
    matches!(problem.code(), "meaning-search-is-off" | "meaning-search-unavailable")
}

#[cfg(test)]
mod tests {
    use contract::Problem;

    use super::is_off;

    #[test]
    fn only_a_missing_meaning_search_is_replaced_by_words() {
        for (code, off) in [
            ("meaning-search-is-off", true),
            ("meaning-search-unavailable", true),
            ("not-ready", false),
            ("invalid-input", false),
        ] {
            let problem = Problem {
                r#type: format!("https://asterism.example/problems/{code}"),
                title: String::new(),
                status: 501,
                detail: String::new(),
                request_id: String::new(),
                errors: Vec::new(),
            };
            assert_eq!(is_off(&problem), off, "{code}");
        }
    }
}
