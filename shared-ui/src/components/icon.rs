//! The few icons of the site, drawn inline so that they take the text's colour.

use yew::prelude::*;

use crate::tag::tag;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconName {
    /// A magnifying glass.
    Search,
    /// An arrow to the right.
    ArrowRight,
    /// An arrow to the left.
    ArrowLeft,
    /// A cross.
    Close,
    /// A paper plane.
    Send,
    /// A square.
    Stop,
    /// A chevron downwards.
    ChevronDown,
    /// A speech bubble.
    Chat,
}

/// Props of [`Icon`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub struct IconProps {
    /// Which.
    pub name: IconName,
}

/// An icon of the text's size and colour, hidden from assistive technology.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    icon(props.name)
}

/// The icon of a path of one's own, 24 by 24.
pub fn drawn(path: &'static str) -> Html {
    tag("svg", "icon")
        .set("viewBox", "0 0 24 24")
        .set("aria-hidden", "true")
        .set("focusable", "false")
        .add(tag("path", "").set("d", path).end())
        .end()
}

/// The same without a component of its own, for bundles that count bytes.
pub fn icon(name: IconName) -> Html {
    let path = match name {
        IconName::Search => "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.2 15.2 20 20",
        IconName::ArrowRight => "M5 12h14M13 6l6 6-6 6",
        IconName::ArrowLeft => "M19 12H5M11 6l-6 6 6 6",
        IconName::Close => "M6 6l12 12M18 6 6 18",
        IconName::Send => "M4 12 20 4l-4 16-4-7-8-1z",
        IconName::Stop => "M7 7h10v10H7z",
        IconName::ChevronDown => "M6 9l6 6 6-6",
        IconName::Chat => "M4 5h16v11H10l-4 4v-4H4z",
    };
    drawn(path)
}
