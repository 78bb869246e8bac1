//! What stands on the page before the first question.

use std::rc::Rc;

use mfe_ask_api::Starters;
use shared_ui::{
    Loadable,
    components::{ProblemNote, Skeleton, SkeletonShape},
    hooks::use_query,
};
use yew::prelude::*;

use super::Questions;
use crate::client;

/// How many starters the service usually has, to keep their place.
const USUAL: usize = 6;

/// Props of [`Landing`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct LandingProps {
    /// Called with the question that was pressed.
    pub(crate) on_ask: Callback<AttrValue>,
}

/// What this page does, and questions to begin with.
#[component]
pub(crate) fn Landing(props: &LandingProps) -> Html {
    let query = use_query((), |host, (), signal| client::starters(host, signal));
    let starters = match &query.data {
        Loadable::Loading => loading(),
        Loadable::Ready(starters) => ready(starters, &props.on_ask),
        Loadable::Failed(problem) => html! {
            <ProblemNote what="Suggestions could not be loaded" problem={problem.clone()}
                on_retry={query.retry.clone()} />
        },
    };
    html! {
        <div class="ask-landing">
            <h1>{ "Ask about the work" }</h1>
            <p class="ask-landing__lead soft">
                { "Every answer quotes the stories word for word and cites each one, so you can check it." }
            </p>
            <section class="ask-landing__starters" aria-busy={query.fetching.to_string()}>{ starters }</section>
        </div>
    }
}

fn loading() -> Html {
    let row = |_| html! { <li class="ask-question-to-come"><Skeleton shape={SkeletonShape::Chip} /></li> };
    html! { <ul class="ask-questions" aria-hidden="true">{ for (0..USUAL).map(row) }</ul> }
}

fn ready(starters: &Starters, on_ask: &Callback<AttrValue>) -> Html {
    if starters.questions.is_empty() {
        return html! { <p>{ "Write a question below to begin." }</p> };
    }
    let questions: Rc<[String]> = starters.questions.as_slice().into();
    html! { <Questions label="Questions to begin with" {questions} on_ask={on_ask.clone()} /> }
}
