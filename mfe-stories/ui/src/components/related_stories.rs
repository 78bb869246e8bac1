//! Where to read on.

use contract::Problem;
use mfe_stories_api::{Related, RelatedStory};
use shared_ui::{
    Loadable,
    components::{Link, Skeleton, SkeletonShape},
};
use yew::prelude::*;

/// Props of [`RelatedStories`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct RelatedStoriesProps {
    pub(crate) related: Loadable<Related>,
    pub(crate) on_retry: Callback<()>,
}

/// A section of links; when they cannot be had, a quiet line rather than an alert.
#[component]
pub(crate) fn RelatedStories(props: &RelatedStoriesProps) -> Html {
    let body = match &props.related {
        Loadable::Loading => html! {
            <div class="stories-related__list"><Skeleton shape={SkeletonShape::Card} count=4 /></div>
        },
        Loadable::Failed(Problem { .. }) => html! {
            <p class="soft">
                { "They could not be loaded. " }
                <button type="button" class="button button--quiet"
                    onclick={props.on_retry.reform(|_: MouseEvent| ())}>
                    { "Try again" }
                </button>
            </p>
        },
        Loadable::Ready(related) if related.results.is_empty() => return Html::default(),
        Loadable::Ready(related) => html! {
            <ul class="stories-related__list">{ for related.results.iter().map(entry) }</ul>
        },
    };
    let busy = matches!(props.related, Loadable::Loading);
    html! {
        <section class="stories-related" aria-labelledby="stories-related" aria-busy={busy.to_string()}>
            <h2 id="stories-related">{ "Related stories" }</h2>
            { body }
        </section>
    }
}

fn entry(related: &RelatedStory) -> Html {
    let RelatedStory { story, reason } = related;
    html! {
        <li key={&*story.id} class="stories-related__entry">
            <p class="stories-related__reason">{ reason }</p>
            <h3 class="stories-related__title">
                <Link to={["/story/", &story.id].concat()}>{ &story.title }</Link>
            </h3>
            <p class="stories-related__client">{ &story.client }{ " · " }{ &story.role }</p>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use contract::Problem;
    use mfe_stories_api::{Related, RelatedStory, StorySummary};
    use shared_ui::Loadable;
    use yew::prelude::*;

    use super::{RelatedStories, RelatedStoriesProps};
    use crate::components::tests::story;

    async fn render(related: Loadable<Related>) -> String {
        let props = RelatedStoriesProps { related, on_retry: Callback::noop() };
        yew::LocalServerRenderer::<RelatedStories>::with_props(props)
            .hydratable(false)
            .render()
            .await
    }

    fn related() -> RelatedStory {
        let story = story();
        let story = StorySummary {
            id: story.id,
            title: story.title,
            client: story.client,
            role: story.role,
            industry: story.industry,
            capability: story.capability,
            sub_category: story.sub_category,
            era: story.era,
            theme: story.theme,
            start: story.start,
            end: story.end,
            summary: story.summary,
        };
        RelatedStory { story, reason: "Same client".to_owned() }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_related_story_says_why_it_is_here() {
        let html = render(Loadable::Ready(Rc::new(Related { results: vec![related()] }))).await;
        for part in
            ["href=\"/story/exit-the-mainframe\"", "Same client", "Northbank · Delivery Director"]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert_eq!(render(Loadable::Ready(Rc::new(Related { results: Vec::new() }))).await, "");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_failure_is_a_quiet_line_with_a_way_to_retry() {
        let problem = Problem {
            r#type: "/problems/timeout".to_owned(),
            title: String::new(),
            status: 504,
            detail: "Too slow.".to_owned(),
            request_id: String::new(),
            errors: Vec::new(),
        };
        let html = render(Loadable::Failed(problem)).await;
        assert!(html.contains("They could not be loaded."), "{html}");
        assert!(html.contains("Try again"), "{html}");
        assert!(!html.contains("role=\"alert\""), "{html}");
    }
}
