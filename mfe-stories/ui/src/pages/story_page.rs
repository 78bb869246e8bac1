//! One story, from loading to reading.

use shared_ui::{
    Loadable,
    components::ProblemNote,
    hooks::{use_query, use_title},
};
use yew::prelude::*;

use crate::{
    client,
    components::{BackLink, NotFound, RelatedStories, StorySkeleton, StoryView},
};

/// Props of [`StoryPage`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct StoryPageProps {
    /// Of the story; another one needs another instance.
    pub(crate) id: AttrValue,
}

/// The story, then the stories like it. A failure of the second does not touch the first.
#[component]
pub(crate) fn StoryPage(props: &StoryPageProps) -> Html {
    let id = &props.id;
    let story = use_query(id.clone(), client::story);
    let related = use_query(id.clone(), client::related);
    let title = story.data.ready().map(|story| AttrValue::from(story.title.clone()));
    use_title(title.unwrap_or_default());
    match story.data {
        Loadable::Loading => html! { <StorySkeleton /> },
        Loadable::Failed(problem) if problem.status == 404 => html! { <NotFound {id} /> },
        Loadable::Failed(problem) => html! {
            <div class="page stories-page">
                <h1 class="visually-hidden">{ "Story" }</h1>
                <BackLink />
                <ProblemNote what="This story could not be loaded" {problem} on_retry={story.retry} />
            </div>
        },
        Loadable::Ready(story) => html! {
            <article class="page stories-page">
                <BackLink />
                <StoryView {story} />
                <RelatedStories related={related.data} on_retry={related.retry} />
                <BackLink />
            </article>
        },
    }
}
