//! The industries remote's root component.

use shared_ui::hooks::use_location;
use yew::prelude::*;

use crate::{
    page::Page,
    pages::{Detail, Index, NotFound},
};

/// The root component: shows the page that the location names.
#[component]
pub fn App() -> Html {
    match Page::of(&use_location()) {
        Page::Index => html! { <Index /> },
        // The key makes a fresh page for each industry: none shows under another one's address.
        Page::Detail(slug) => html! { <Detail key={slug.to_string()} slug={slug.clone()} /> },
        Page::NotFound => html! { <NotFound /> },
    }
}

#[cfg(test)]
mod tests {
    use shared_ui::kit::{Host, HostProvider};
    use yew::prelude::*;

    use super::App;

    #[derive(Clone, PartialEq, Properties)]
    struct AtProps {
        path: AttrValue,
    }

    #[component]
    fn At(props: &AtProps) -> Html {
        html! { <HostProvider host={Host::fixed(&props.path)}><App /></HostProvider> }
    }

    async fn render(path: &'static str) -> String {
        let props = AtProps { path: path.into() };
        yew::LocalServerRenderer::<At>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn each_path_has_its_page() {
        for (path, part) in [
            ("/industries", "<h1>Industries</h1>"),
            ("/industries/", "<h1>Industries</h1>"),
            ("/industries/retail", "All industries</a>"),
            ("/industries/retail/extra", "<h1>There is no such industry</h1>"),
        ] {
            let html = render(path).await;
            assert!(html.contains(part), "{part} at {path} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_page_is_busy_until_its_data_is_there() {
        for path in ["/industries", "/industries/retail"] {
            let html = render(path).await;
            assert!(html.contains("aria-busy=\"true\"") && html.contains("skeleton"), "{html}");
        }
    }
}
