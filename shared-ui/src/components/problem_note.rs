//! An error, where its content should have been.

use contract::Problem;
use yew::prelude::*;

use crate::tag::tag;

/// Props of [`ProblemNote`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub struct ProblemNoteProps {
    /// What should have been here: `These stories could not be loaded`.
    pub what: AttrValue,
    /// Why it is not.
    pub problem: Problem,
    /// Called by the button; no button without it.
    #[prop_or_default]
    pub on_retry: Option<Callback<()>>,
}

/// Says what failed, why, and what to do. `role="alert"`, so that it is read out at once.
#[component]
pub fn ProblemNote(props: &ProblemNoteProps) -> Html {
    problem_note(props)
}

/// The same without a component of its own, for bundles that count bytes.
pub fn problem_note(props: &ProblemNoteProps) -> Html {
    let ProblemNoteProps { what, problem, on_retry } = props;
    problem_card(what, problem, None, on_retry.as_ref())
}

/// The same, with `more` to say before the button.
pub fn problem_card(
    what: &str,
    problem: &Problem,
    more: Option<Html>,
    on_retry: Option<&Callback<()>>,
) -> Html {
    let id = (!problem.request_id.is_empty()).then(|| {
        let id = tag("p", "problem-note__id").text("Request ");
        id.with_text("code", "", &problem.request_id).end()
    });
    let retry = on_retry.map(|on_retry| {
        let button = tag("button", "button").set("type", "button");
        button.click(on_retry.reform(|_| ())).text("Try again").end()
    });
    tag("div", "problem-note card")
        .set("role", "alert")
        .with_text("h2", "problem-note__what", what)
        .with_text("p", "problem-note__why", &problem.detail)
        .maybe(id)
        .maybe(more)
        .maybe(retry)
        .end()
}

#[cfg(test)]
mod tests {
    use contract::Problem;
    use yew::prelude::*;

    use super::{ProblemNote, ProblemNoteProps};

    #[tokio::test(flavor = "current_thread")]
    async fn a_problem_is_an_alert_with_what_why_and_a_way_on() {
        let problem = Problem {
            r#type: "/problems/upstream-down".to_owned(),
            title: "Bad Gateway".to_owned(),
            status: 502,
            detail: "The service does not answer.".to_owned(),
            request_id: "r-1".to_owned(),
            errors: Vec::new(),
        };
        let props = ProblemNoteProps {
            what: "Stories could not be loaded".into(),
            problem,
            on_retry: Some(Callback::noop()),
        };
        let html = yew::LocalServerRenderer::<ProblemNote>::with_props(props)
            .hydratable(false)
            .render()
            .await;
        for part in [
            "role=\"alert\"",
            "Stories could not be loaded",
            "The service does not answer.",
            "<code>r-1</code>",
            "Try again</button>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
