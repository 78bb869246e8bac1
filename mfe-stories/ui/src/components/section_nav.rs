//! The way to a part of a long story.

use std::rc::Rc;

use mfe_stories_api::Story;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::section::{Section, SectionNodes};

/// Props of [`SectionNav`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct SectionNavProps {
    pub(crate) story: Rc<Story>,
    /// Where to scroll to; they take the focus.
    pub(crate) nodes: SectionNodes,
}

/// A navigation landmark. Buttons, because a fragment does not reach into a shadow root; each scrolls
/// to its section and focuses it, so that reading with a keyboard goes on there.
#[component]
pub(crate) fn SectionNav(props: &SectionNavProps) -> Html {
    let SectionNavProps { story, nodes } = props;
    let entry = |(section, node): (Section, &NodeRef)| {
        let node = node.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(element) = node.cast::<HtmlElement>() {
                element.scroll_into_view();
                element.focus().ok();
            }
        });
        html! {
            <li>
                <button type="button" class="stories-nav__entry" {onclick}>{ section.heading() }</button>
            </li>
        }
    };
    let sections = Section::ALL.into_iter().zip(nodes.iter());
    html! {
        <nav class="stories-nav" aria-label="Parts of this story">
            <ul>{ for sections.filter(|(section, _)| section.is_in(story)).map(entry) }</ul>
        </nav>
    }
}
