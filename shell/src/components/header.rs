//! The page's head: wordmark, navigation, theme.

use std::rc::Rc;

use yew::prelude::*;

use super::nav::Nav;
use super::theme_toggle::ThemeToggle;
use crate::preferences::Theme;
use crate::router::NavItem;
use crate::title::SITE;

/// Properties of [`Header`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(crate) struct HeaderProps {
    /// The navigation's links.
    pub(crate) nav: Rc<[NavItem]>,
    /// Where the page is.
    pub(crate) path: AttrValue,
    /// The chosen theme.
    pub(crate) theme: Theme,
    /// The name of who is signed in.
    #[prop_or_default]
    pub(crate) account: Option<AttrValue>,
    /// The person turns the theme.
    pub(crate) on_theme: Callback<MouseEvent>,
}

/// The banner. The wordmark leads to the start page.
#[component]
pub(crate) fn Header(props: &HeaderProps) -> Html {
    html! {
        <header class="header">
            <div class="header__inner">
                <a class="wordmark" href="/">{ mark() }<span>{ SITE }</span></a>
                <Nav items={props.nav.clone()} path={props.path.clone()} />
                if let Some(name) = &props.account {
                    // A page of the gateway: the shell has none at this path.
                    <a class="account" href="/sign-in" rel="external">{ name.clone() }</a>
                }
                <ThemeToggle theme={props.theme} onclick={props.on_theme.clone()} />
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
    use super::{Header, HeaderProps};
    use crate::components::markup;
    use crate::preferences::Theme;
    use crate::router::NavItem;
    use yew::Callback;

    #[tokio::test]
    async fn the_header_has_the_wordmark_the_navigation_and_the_theme() {
        let html = markup::of::<Header>(HeaderProps {
            nav: [NavItem { label: "Ask".into(), href: "/ask".into() }].into(),
            path: "/".into(),
            theme: Theme::System,
            account: Some("anna".into()),
            on_theme: Callback::noop(),
        })
        .await;
        assert!(
            html.contains(r#"<a href="/sign-in" rel="external" class="account">anna</a>"#),
            "{html}"
        );
        assert!(html.contains(r#"<a href="/" class="wordmark">"#), "{html}");
        assert!(html.contains(">Ask</a>"), "{html}");
        assert!(html.contains("<button"), "{html}");
    }
}
