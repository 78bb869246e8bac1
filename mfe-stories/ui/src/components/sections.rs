//! The story itself.

use std::rc::Rc;

use mfe_stories_api::Story;
use yew::prelude::*;

use crate::section::{Section, SectionNodes};

/// Props of [`Sections`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct SectionsProps {
    pub(crate) story: Rc<Story>,
    /// Bound to what is shown.
    pub(crate) nodes: SectionNodes,
}

/// Situation, task, action and result, then how it went: a section with a heading each, focusable by
/// script. A part without text is left out.
#[component]
pub(crate) fn Sections(props: &SectionsProps) -> Html {
    let SectionsProps { story, nodes } = props;
    let part = |(section, node): (Section, &NodeRef)| {
        html! {
            <section ref={node.clone()} class="stories-section" tabindex="-1"
                aria-label={section.heading()}>
                <h2 class="stories-section__heading">{ section.heading() }</h2>
                { text(section, story) }
            </section>
        }
    };
    let sections = Section::ALL.into_iter().zip(nodes.iter());
    sections.filter(|(section, _)| section.is_in(story)).map(part).collect()
}

fn text(section: Section, story: &Story) -> Html {
    match section {
        Section::Situation => paragraphs(&story.situation),
        Section::Task => paragraphs(&story.task),
        Section::Action => html! { <ol class="stories-steps">{ items(&story.action) }</ol> },
        Section::Result => html! { <ul class="stories-list">{ items(&story.result) }</ul> },
        Section::Course => html! {
            <div class="stories-course">
                if !story.process.is_empty() {
                    <div>
                        <h3 class="stories-course__heading">{ "How it was done" }</h3>
                        <ul class="stories-list">{ items(&story.process) }</ul>
                    </div>
                }
                if !story.performance.is_empty() {
                    <div>
                        <h3 class="stories-course__heading">{ "What it measured" }</h3>
                        <ul class="stories-list">{ items(&story.performance) }</ul>
                    </div>
                }
            </div>
        },
    }
}

fn paragraphs(texts: &[String]) -> Html {
    texts.iter().map(|text| html! { <p>{ text }</p> }).collect()
}

fn items(texts: &[String]) -> Html {
    texts.iter().map(|text| html! { <li>{ text }</li> }).collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use mfe_stories_api::Story;

    use super::{Sections, SectionsProps};
    use crate::components::tests::story;

    async fn render(story: Story) -> String {
        let props = SectionsProps { story: Rc::new(story), nodes: Rc::default() };
        yew::LocalServerRenderer::<Sections>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_story_is_told_in_order_with_numbered_steps() {
        let html = render(story()).await;
        let parts = [
            ">Situation</h2><p>A leased mainframe.</p><p>Two failed exits.</p>",
            ">Task</h2><p>Move the accounts.</p>",
            ">Action</h2><ol class=\"stories-steps\"><li>Cut the ledger.</li><li>Rebuilt the rules.</li></ol>",
            ">Result</h2><ul class=\"stories-list\"><li>Switched off.</li></ul>",
            ">How it went</h2>",
            "<li>Slice by product</li>",
            "<li>19 months</li>",
        ];
        let mut rest = html.as_str();
        for part in parts {
            let found = rest.split_once(part);
            assert!(found.is_some(), "{part} in {html}");
            rest = found.unwrap().1;
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_part_without_text_has_no_heading() {
        let bare = Story { task: Vec::new(), performance: Vec::new(), ..story() };
        let html = render(bare).await;
        assert!(!html.contains("Task"), "{html}");
        assert!(html.contains("How it was done"), "{html}");
        assert!(!html.contains("What it measured"), "{html}");
    }
}
