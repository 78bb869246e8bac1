//! A link within the site.

use yew::prelude::*;

use crate::hooks::use_host;

/// Props of [`Link`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub struct LinkProps {
    /// A path of the site.
    pub to: AttrValue,
    /// CSS classes.
    #[prop_or_default]
    pub class: Classes,
    /// Accessible name, when the content does not give one.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// What it shows.
    #[prop_or_default]
    pub children: Html,
}

/// A plain `<a href>`: the host takes the click over, and the browser's own ways (new tab, copy) work.
#[component]
pub fn Link(props: &LinkProps) -> Html {
    let host = use_host();
    html! {
        <a class={props.class.clone()} href={host.href(&props.to)} aria-label={props.label.clone()}>
            { props.children.clone() }
        </a>
    }
}
