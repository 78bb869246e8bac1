//! The beginning of a story.

use std::rc::Rc;

use mfe_stories_api::Story;
use shared_ui::{
    components::{Icon, IconName, Link},
    period, with_query,
};
use yew::prelude::*;

use super::Metrics;

/// Props of [`StoryHeader`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct StoryHeaderProps {
    pub(crate) story: Rc<Story>,
}

/// The page's heading with what, for whom, as what and when, and the figures.
#[component]
pub(crate) fn StoryHeader(props: &StoryHeaderProps) -> Html {
    let story = &props.story;
    let narrowed = |facet, value: &str| with_query("/", &[(facet, value)]);
    html! {
        <header class="stories-header">
            <p class="eyebrow stories-header__eyebrow">
                <Link to={narrowed("industry", &story.industry)}>{ &story.industry }</Link>
                { " · " }
                <Link to={narrowed("capability", &story.capability)}>{ &story.capability }</Link>
            </p>
            <h1>{ &story.title }</h1>
            <p class="stories-header__about">
                <Link to={narrowed("client", &story.client)}>{ &story.client }</Link>
                { " · " }{ &story.role }{ " · " }{ period(&story.start, story.end.as_deref()) }
                { " · " }{ &story.employer }
            </p>
            <Link class="button button--primary stories-header__ask"
                to={with_query("/ask", &[("story", &story.id)])}>
                <Icon name={IconName::Chat} />{ "Ask about this" }
            </Link>
            <Metrics {story} />
        </header>
    }
}
