//! The navigation, from the manifest.

use std::rc::Rc;

use yew::prelude::*;

use crate::router::{NavItem, current};

/// Properties of [`Nav`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(crate) struct NavProps {
    /// The links, in order.
    pub(crate) items: Rc<[NavItem]>,
    /// Where the page is.
    pub(crate) path: AttrValue,
}

/// Plain links (the host takes their clicks); the current one has `aria-current`.
#[component]
pub(crate) fn Nav(props: &NavProps) -> Html {
    let link = |item: &NavItem| {
        html! {
            <li key={item.href.to_string()}>
                <a
                    class="nav__link"
                    href={item.href.clone()}
                    aria-current={current(&item.href, &props.path)}
                >
                    { item.label.clone() }
                </a>
            </li>
        }
    };
    html! {
        <nav class="nav" aria-label="Site">
            <ul class="nav__list">{ for props.items.iter().map(link) }</ul>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::{Nav, NavProps};
    use crate::components::markup;
    use crate::router::NavItem;

    #[tokio::test]
    async fn exactly_the_current_link_is_marked() {
        let item = |label: &'static str, href: &'static str| NavItem {
            label: label.into(),
            href: href.into(),
        };
        let items = [item("Home", "/"), item("Ask", "/ask")].into();
        let html = markup::of::<Nav>(NavProps { items, path: "/ask".into() }).await;
        assert_eq!(html.matches("aria-current").count(), 1, "{html}");
        assert!(html.contains(r#"href="/ask" aria-current="page""#), "{html}");
    }
}
