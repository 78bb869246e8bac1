//! What stands beside a story.

use std::rc::Rc;

use mfe_stories_api::Story;
use shared_ui::{components::Link, with_query};
use yew::prelude::*;

/// Props of [`Facts`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct FactsProps {
    pub(crate) story: Rc<Story>,
}

/// A complementary landmark: terms with their descriptions; tags lead to a search.
#[component]
pub(crate) fn Facts(props: &FactsProps) -> Html {
    let story = &props.story;
    let tag = |tag: &String| {
        html! { <li><Link class="chip" to={with_query("/", &[("q", tag)])}>{ tag }</Link></li> }
    };
    html! {
        <aside class="stories-facts" aria-label="About this story">
            <dl class="stories-facts__list">
                { fact("For whom", &story.person) }
                { fact("Where", &story.place) }
                { fact("Why it mattered", &story.purpose) }
                { fact("Programme", &story.project) }
                { fact("Scope", &story.scope) }
                { list("Skills shown", &story.competencies) }
                { list("Worth telling for", &story.use_cases) }
            </dl>
            if !story.tags.is_empty() {
                <h2 class="stories-facts__heading">{ "Tags" }</h2>
                <ul class="stories-facts__tags">{ for story.tags.iter().map(tag) }</ul>
            }
        </aside>
    }
}

fn fact(term: &'static str, text: &str) -> Html {
    if text.is_empty() {
        return Html::default();
    }
    html! { <div class="stories-facts__fact"><dt>{ term }</dt><dd>{ text }</dd></div> }
}

fn list(term: &'static str, texts: &[String]) -> Html {
    if texts.is_empty() {
        return Html::default();
    }
    html! {
        <div class="stories-facts__fact">
            <dt>{ term }</dt>
            { for texts.iter().map(|text| html! { <dd>{ text }</dd> }) }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use mfe_stories_api::Story;

    use super::{Facts, FactsProps};
    use crate::components::tests::story;

    async fn render(story: Story) -> String {
        let props = FactsProps { story: Rc::new(story) };
        yew::LocalServerRenderer::<Facts>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn facts_are_terms_and_tags_lead_to_a_search() {
        let html = render(story()).await;
        for part in [
            "<dt>Where</dt><dd>Kelmouth</dd>",
            "<dt>Skills shown</dt><dd>Cutover planning</dd>",
            "href=\"/?q=core+banking\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_a_story_does_not_say_is_left_out() {
        let bare = Story { place: String::new(), tags: Vec::new(), ..story() };
        let html = render(bare).await;
        assert!(!html.contains("Where"), "{html}");
        assert!(!html.contains("Tags"), "{html}");
    }
}
