//! The way to a part of a long story.

use mfe_stories_api::Story;
use shared_ui::tag::tag;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::sections::{Section, SectionNodes};

/// A navigation landmark. Buttons, because a fragment does not reach into a shadow root; each scrolls
/// to its section and focuses it, so that reading with a keyboard goes on there.
pub(crate) fn section_nav(story: &Story, nodes: &SectionNodes) -> Html {
    let entry = |(section, node): (Section, &NodeRef)| {
        let node = node.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(element) = node.cast::<HtmlElement>() {
                element.scroll_into_view();
                element.focus().ok();
            }
        });
        let button = tag("button", "stories-nav__entry").set("type", "button").click(onclick);
        tag("li", "").add(button.text(section.heading()).end()).end()
    };
    let sections = Section::ALL.into_iter().zip(nodes);
    let entries = sections.filter(|(section, _)| !section.of(story).is_empty()).map(entry);
    tag("nav", "stories-nav")
        .set("aria-label", "Parts of this story")
        .add(tag("ul", "").all(entries).end())
        .end()
}
