//! The industries remote's root component.

use shared_ui::hooks::use_location;
use yew::prelude::*;

use crate::{components::Screen, page::Page};

/// The root component: shows the page that the location names.
#[component]
pub fn App() -> Html {
    let page = Page::of(&use_location());
    // The key makes a fresh screen for each page: none shows under another one's address.
    let key = page.path();
    html! { <Screen {key} {page} /> }
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
            ("/industries/retail", "href=\"/industries\">"),
            ("/industries/retail/data", "href=\"/industries/retail\">"),
            ("/industries/retail/data/extra", "<h1>There is no such page</h1>"),
        ] {
            let html = render(path).await;
            assert!(html.contains(part), "{part} at {path} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_page_is_busy_until_its_data_is_there() {
        for path in ["/industries", "/industries/retail", "/industries/a/b", "/industries/a/b/c"] {
            let html = render(path).await;
            assert!(html.contains("aria-busy=\"true\"") && html.contains("skeleton"), "{html}");
        }
    }
}
