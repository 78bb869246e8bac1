//! The story itself.

use mfe_stories_api::Story;
use shared_ui::tag::tag;
use yew::prelude::*;

use crate::outline::{Outline, outline};

/// A part with its own heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Situation,
    Task,
    Action,
    Result,
}

/// The elements of [`Section::ALL`].
pub(crate) type SectionNodes = [NodeRef; Section::COUNT];

impl Section {
    pub(crate) const COUNT: usize = 4;
    /// All, in reading order.
    pub(crate) const ALL: [Self; Self::COUNT] =
        [Self::Situation, Self::Task, Self::Action, Self::Result];

    /// Returns its heading.
    pub(crate) fn heading(self) -> &'static str {
        match self {
            Self::Situation => "Situation",
            Self::Task => "Task",
            Self::Action => "Action",
            Self::Result => "Result",
        }
    }

    /// Returns its texts.
    pub(crate) fn of(self, story: &Story) -> &[String] {
        match self {
            Self::Situation => &story.situation,
            Self::Task => &story.task,
            Self::Action => &story.action,
            Self::Result => &story.result,
        }
    }
}

/// Why the story matters: its summary.
pub(crate) fn why(story: &Story) -> Html {
    tag("section", "stories-why")
        .set("aria-labelledby", "stories-why")
        .add(tag("h2", "eyebrow").set("id", "stories-why").text("Why it matters").end())
        .with_text("p", "stories-why__text", &story.summary)
        .end()
}

/// Situation, task, action and result: a section with a heading each, focusable by script. A part without text
/// is left out.
pub(crate) fn sections<'a>(
    story: &'a Story,
    nodes: &'a SectionNodes,
) -> impl Iterator<Item = Html> + 'a {
    Section::ALL.into_iter().zip(nodes).filter_map(|(section, node)| {
        let texts = section.of(story);
        if texts.is_empty() {
            return None;
        }
        let (list, item) = match section {
            Section::Situation | Section::Task => ("div", "div"),
            Section::Action => ("ol", "li"),
            Section::Result => ("ul", "li"),
        };
        let class = match section {
            Section::Situation | Section::Task => "stories-paragraphs",
            Section::Action => "stories-steps",
            Section::Result => "stories-list",
        };
        let items = texts.iter().map(|text| {
            let Outline { text, items } = outline(text);
            tag(item, "").with_text("p", "", &text).maybe(nested(&items)).end()
        });
        let part = tag("section", "stories-section")
            .node(node)
            .set("tabindex", "-1")
            .set("aria-label", section.heading())
            .with_text("h2", "stories-section__heading", section.heading());
        Some(part.add(tag(list, class).all(items).end()).end())
    })
}

/// A list below a text, and those below it.
fn nested(items: &[Outline]) -> Option<Html> {
    let item =
        |Outline { text, items }: &Outline| tag("li", "").text(text).maybe(nested(items)).end();
    (!items.is_empty()).then(|| tag("ul", "stories-nested").all(items.iter().map(item)).end())
}

#[cfg(test)]
mod tests {
    use mfe_stories_api::Story;
    use shared_ui::tag::tag;

    use super::{SectionNodes, sections, why};
    use crate::parts::{
        section_nav,
        tests::{render, story},
    };

    async fn shown(story: &Story) -> String {
        render(tag("div", "").all(sections(story, &SectionNodes::default())).end()).await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_story_is_told_in_order_with_steps_and_their_own_lists() {
        let html = shown(&story()).await;
        let parts = [
            ">Situation</h2>",
            "<p>A leased mainframe.</p></div><div><p>Two failed exits.</p>",
            ">Task</h2>",
            "<p>Move the accounts.</p>",
            ">Action</h2><ol class=\"stories-steps\"><li><p>Cut the ledger:</p>",
            "<ul class=\"stories-nested\"><li>by product<ul class=\"stories-nested\"><li>savings first</li></ul></li>",
            "<li>not by layer</li></ul></li><li><p>Rebuilt the rules.</p></li></ol>",
            ">Result</h2><ul class=\"stories-list\"><li><p>Switched off.</p></li></ul>",
        ];
        let mut rest = html.as_str();
        for part in parts {
            let found = rest.split_once(part);
            assert!(found.is_some(), "{part} in {html}");
            rest = found.unwrap().1;
        }
        assert!(render(why(&story())).await.contains("I led the exit."));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_part_without_text_has_neither_heading_nor_way() {
        let bare = Story { task: Vec::new(), ..(*story()).clone() };
        assert!(!shown(&bare).await.contains("Task"));
        let nav = render(section_nav(&bare, &SectionNodes::default())).await;
        assert!(nav.contains("Action") && !nav.contains("Task"), "{nav}");
    }
}
