//! What stands on the page before the first question.

use shared_ui::{
    Loadable,
    components::{ProblemNoteProps, problem_note},
    hooks::Query,
    tag::tag,
};
use yew::prelude::*;

use super::questions::questions;
use crate::{client::Found, ways::Ways};

/// How many starters the service usually has, to keep their place.
const USUAL: usize = 6;

/// What this page does, and questions to begin with.
pub(crate) fn landing(query: &Query<Found>, ways: &Ways) -> Html {
    let starters = match &query.data {
        Loadable::Ready(found) => match &**found {
            Found::Starters(starters) if starters.is_empty() => None,
            Found::Starters(starters) => Some(questions("Questions to begin with", starters, ways)),
            _ => Some(to_come()),
        },
        Loadable::Loading => Some(to_come()),
        Loadable::Failed(problem) => Some(problem_note(&ProblemNoteProps {
            what: "Suggestions could not be loaded".into(),
            problem: problem.clone(),
            on_retry: Some(query.retry.clone()),
        })),
    };
    let lead = "Every sentence of an answer rests on a story and shows its quotation, so you can check it.";
    let part = tag("section", "").flag("aria-busy", query.fetching).maybe(starters);
    tag("div", "ask-landing")
        .with_text("h1", "", "Ask about the work")
        .with_text("p", "ask-landing__lead soft", lead)
        .add(part.end())
        .end()
}

fn to_come() -> Html {
    let row = |_| {
        let line = tag("div", "skeleton skeleton--chip").end();
        tag("li", "ask-question-to-come").add(line).end()
    };
    tag("ul", "ask-questions").set("aria-hidden", "true").all((0..USUAL).map(row)).end()
}
