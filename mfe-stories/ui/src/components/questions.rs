//! What a story answers.

use std::rc::Rc;

use mfe_stories_api::Story;
use shared_ui::{
    components::{Icon, IconName, Link},
    with_query,
};
use yew::prelude::*;

/// Props of [`Questions`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct QuestionsProps {
    pub(crate) story: Rc<Story>,
}

/// A section of links, each asking its question of this story.
#[component]
pub(crate) fn Questions(props: &QuestionsProps) -> Html {
    let story = &props.story;
    let question = |question: &String| {
        let to = with_query("/ask", &[("q", question), ("story", &story.id)]);
        html! {
            <li>
                <Link class="stories-questions__link" {to}>
                    <span>{ question }</span><Icon name={IconName::ArrowRight} />
                </Link>
            </li>
        }
    };
    html! {
        <section class="stories-questions" aria-labelledby="stories-questions">
            <h2 id="stories-questions">{ "Questions this answers" }</h2>
            if !story.interview_questions.is_empty() {
                <ul class="stories-questions__list">{ for story.interview_questions.iter().map(question) }</ul>
            }
            <Link class="button" to={with_query("/ask", &[("story", &story.id)])}>
                <Icon name={IconName::Chat} />{ "Ask something else about this" }
            </Link>
        </section>
    }
}
