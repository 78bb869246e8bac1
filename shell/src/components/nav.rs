//! The navigation, from the manifest.

use yew::prelude::*;

use crate::router::{NavItem, current};

/// Plain links in order (the host takes their clicks); that of the page at `path` has `aria-current`.
pub(crate) fn nav(items: &[NavItem], path: &str) -> Html {
    let link = |item: &NavItem| {
        html! {
            <li key={item.href.to_string()}>
                <a
                    class="nav__link"
                    href={item.href.clone()}
                    aria-current={current(&item.href, path)}
                >
                    { item.label.clone() }
                </a>
            </li>
        }
    };
    html! {
        <nav class="nav" aria-label="Site">
            <ul class="nav__list">{ for items.iter().map(link) }</ul>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::nav;
    use crate::components::markup;
    use crate::router::NavItem;

    #[tokio::test]
    async fn exactly_the_current_link_is_marked() {
        let item = |label: &'static str, href: &'static str| NavItem {
            label: label.into(),
            href: href.into(),
        };
        let items = [item("Home", "/"), item("Ask", "/ask")];
        let html = markup::of(nav(&items, "/ask")).await;
        assert_eq!(html.matches("aria-current").count(), 1, "{html}");
        assert!(html.contains(r#"href="/ask" aria-current="page""#), "{html}");
    }
}
