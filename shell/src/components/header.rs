//! The page's head: wordmark, navigation, theme.

use yew::prelude::*;

use super::nav::nav;
use super::theme_toggle::theme_toggle;
use crate::title::SITE;
use crate::view::View;

/// The banner. The wordmark leads to the start page; `account` is the name of who is signed in.
pub(crate) fn header(
    view: &View,
    account: Option<AttrValue>,
    on_theme: Callback<MouseEvent>,
) -> Html {
    html! {
        <header class="header">
            <div class="header__inner">
                <a class="wordmark" href="/">{ mark() }<span>{ SITE }</span></a>
                { nav(&view.nav, &view.path) }
                if let Some(name) = account {
                    // A page of the gateway: the shell has none at this path.
                    <a class="account" href="/sign-in" rel="external">{ name }</a>
                }
                { theme_toggle(view.theme, on_theme) }
            </div>
        </header>
    }
}

/// An asterism: three stars.
fn mark() -> Html {
    const STAR: &str = "M0-5 1.2-1.2 5 0 1.2 1.2 0 5-1.2 1.2-5 0-1.2-1.2Z";
    html! {
        <svg class="wordmark__mark" viewBox="0 0 24 22" aria-hidden="true">
            <path d={STAR} transform="translate(12 5.5)" />
            <path d={STAR} transform="translate(5.5 16)" />
            <path d={STAR} transform="translate(18.5 16)" />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::header;
    use crate::components::markup;
    use crate::router::NavItem;
    use crate::view::View;
    use yew::Callback;

    #[tokio::test]
    async fn the_header_has_the_wordmark_the_navigation_and_the_theme() {
        let nav = [NavItem { label: "Ask".into(), href: "/ask".into() }].into();
        let view = View { nav, path: "/".into(), ..View::default() };
        let html = markup::of(header(&view, Some("anna".into()), Callback::noop())).await;
        assert!(
            html.contains(r#"<a href="/sign-in" rel="external" class="account">anna</a>"#),
            "{html}"
        );
        assert!(html.contains(r#"<a href="/" class="wordmark">"#), "{html}");
        assert!(html.contains(">Ask</a>"), "{html}");
        assert!(html.contains("<button"), "{html}");
    }
}
