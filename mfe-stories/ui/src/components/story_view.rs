//! One story to read.

use std::rc::Rc;

use mfe_stories_api::Story;
use yew::prelude::*;

use super::{Facts, Questions, SectionNav, Sections, StoryHeader};
use crate::section::{Section, SectionNodes};

/// Props of [`StoryView`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct StoryViewProps {
    pub(crate) story: Rc<Story>,
}

/// Header, then three columns on wide screens: the parts, the text, the facts.
#[component]
pub(crate) fn StoryView(props: &StoryViewProps) -> Html {
    let story = &props.story;
    let nodes: SectionNodes = use_memo((), |()| <[NodeRef; Section::ALL.len()]>::default());
    html! {
        <>
            <StoryHeader {story} />
            <div class="stories-body">
                <SectionNav {story} nodes={nodes.clone()} />
                <div class="stories-text">
                    <p class="stories-text__standfirst">{ &story.summary }</p>
                    <Sections {story} {nodes} />
                    <Questions {story} />
                </div>
                <Facts {story} />
            </div>
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::{StoryView, StoryViewProps};
    use crate::components::tests::shared;

    #[tokio::test(flavor = "current_thread")]
    async fn the_page_has_one_heading_the_facts_and_the_ways_to_ask() {
        let props = StoryViewProps { story: shared() };
        let html = yew::LocalServerRenderer::<StoryView>::with_props(props)
            .hydratable(false)
            .render()
            .await;
        assert_eq!(html.matches("<h1").count(), 1, "{html}");
        for part in [
            "<h1>Exiting the Mainframe</h1>",
            "Delivery Director · Mar 2017 – Oct 2018 · Brightwater",
            "href=\"/?industry=Financial+Services\"",
            ">$3.6M</strong>",
            "I led the exit.</p>",
            "<button type=\"button\" class=\"stories-nav__entry\">Action</button>",
            "href=\"/ask?story=exit-the-mainframe\"",
            "href=\"/ask?q=When+is+it+safe+%26+done%3F&amp;story=exit-the-mainframe\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
