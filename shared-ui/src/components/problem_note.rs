//! An error, where its content should have been.

use contract::Problem;
use yew::prelude::*;

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
    let retry = props.on_retry.clone().map(|on_retry| {
        let onclick = Callback::from(move |_: MouseEvent| on_retry.emit(()));
        html! { <button type="button" class="button" {onclick}>{ "Try again" }</button> }
    });
    html! {
        <div class="problem-note card" role="alert">
            <h2 class="problem-note__what">{ &props.what }</h2>
            <p class="problem-note__why">{ &props.problem.detail }</p>
            if !props.problem.request_id.is_empty() {
                <p class="problem-note__id">{ "Request " }<code>{ &props.problem.request_id }</code></p>
            }
            { retry }
        </div>
    }
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
