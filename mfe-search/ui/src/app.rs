//! The search remote's root component.

use shared_ui::hooks::{use_location, use_restored};
use yew::prelude::*;

use crate::{handover::Handover, pages::use_search_page};

/// The root component: one page, whatever its query.
#[component]
pub fn App() -> Html {
    let location = use_location();
    let restored: Option<Handover> = use_restored();
    let own = use_mut_ref(|| match restored {
        Some(was) => (was.location(), was.draft.map(AttrValue::from)),
        None => (location.clone(), None),
    });
    // Another page's location may arrive just before this one is taken off: its query is not ours.
    if location.path == "/" {
        own.borrow_mut().0 = location;
    }
    let (location, draft) = own.borrow().clone();
    use_search_page(location, draft)
}

#[cfg(test)]
mod tests {
    use shared_ui::kit::{Host, HostProvider};
    use yew::prelude::*;

    use super::App;

    use crate::handover::Handover;

    async fn at(path: &str) -> String {
        under(Host::fixed(path)).await
    }

    async fn under(host: Host) -> String {
        #[component]
        fn Page(props: &PageProps) -> Html {
            html! { <HostProvider host={props.host.clone()}><App /></HostProvider> }
        }
        #[derive(Properties, PartialEq)]
        struct PageProps {
            host: Host,
        }
        let props = PageProps { host };
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

    fn left(path: &str, draft: &str) -> Handover {
        Handover { path: path.to_owned(), draft: Some(draft.to_owned()) }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_was_typed_before_this_version_came_stands_in_the_box() {
        let html = under(Host::restoring("/?era=X", left("/?era=X", "kafka ex"))).await;
        for part in ["value=\"kafka ex\"", "Remove the filter X"] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn where_the_location_is_not_ours_the_page_is_what_it_was() {
        let html = under(Host::restoring("/board", left("/?q=kafka&era=X", "kafka"))).await;
        for part in ["value=\"kafka\"", "Remove the filter X"] {
            assert!(html.contains(part), "{part} in {html}");
        }
        let html = under(Host::restoring("/?era=Y", left("/?era=X", ""))).await;
        assert!(html.contains("Remove the filter Y") && !html.contains("filter X"), "{html}");
    }
}
