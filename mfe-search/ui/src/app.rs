//! The search remote's root component.

use shared_ui::hooks::use_location;
use yew::prelude::*;

use crate::pages::SearchPage;

/// The root component: one page, whatever its query.
#[component]
pub fn App() -> Html {
    let location = use_location();
    let own = use_mut_ref(|| location.clone());
    // Another page's location may arrive just before this one is taken off: its query is not ours.
    if location.path == "/" {
        *own.borrow_mut() = location;
    }
    let location = own.borrow().clone();
    html! { <SearchPage {location} /> }
}

#[cfg(test)]
mod tests {
    use shared_ui::kit::{Host, HostProvider};
    use yew::prelude::*;

    use super::App;

    async fn at(path: &'static str) -> String {
        #[component]
        fn Page(props: &PageProps) -> Html {
            html! { <HostProvider host={Host::fixed(&props.path)}><App /></HostProvider> }
        }
        #[derive(Properties, PartialEq)]
        struct PageProps {
            path: AttrValue,
        }
        let props = PageProps { path: path.into() };
        yew::LocalServerRenderer::<Page>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_first_rendering_shows_the_hero_the_box_and_what_is_coming() {
        let html = at("/").await;
        for part in [
            "<h1",
            "role=\"search\"",
            "Newest stories",
            "search-card is-coming",
            "aria-busy=\"true\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("is-compact"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_link_restores_query_and_filters_before_any_answer() {
        let html = at("/?q=kafka+exit&industry=Retail").await;
        for part in ["is-compact", "value=\"kafka exit\"", "Remove the filter Retail"] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("Newest stories"), "{html}");
    }
}
