//! The stories remote's root component.

use shared_ui::{
    Location,
    hooks::{use_host, use_location, use_title},
};
use yew::prelude::*;

use crate::{
    hooks::use_trail,
    page::StoryPage,
    parts::{NOT_FOUND, not_found},
    story_id::is_story_id,
};

/// The root component: the story that the path names.
#[component]
pub fn App() -> Html {
    let host = use_host();
    let location = use_location();
    let trail = use_trail();
    let own = use_mut_ref(|| location.clone());
    // Another page's location may arrive just before this one is taken off: its path names no story.
    if location.path.starts_with("/story/") {
        *own.borrow_mut() = location;
    }
    let id = id_of(&own.borrow());
    let is_id = is_story_id(&id);
    // What is an id has the title of its story.
    use_title(if is_id { AttrValue::default() } else { NOT_FOUND.into() });
    if is_id {
        // With the id as key, so that nothing of the last story stays while the next one loads.
        html! { <StoryPage key={&*id} id={id.clone()} {trail} /> }
    } else {
        not_found(&host, &id)
    }
}

fn id_of(location: &Location) -> AttrValue {
    match location.segments().as_slice() {
        [_, id] => AttrValue::from((*id).to_owned()),
        _ => AttrValue::default(),
    }
}

#[cfg(test)]
mod tests {
    use shared_ui::kit::{Host, HostProvider};
    use yew::prelude::*;

    use super::App;

    #[derive(Properties, PartialEq)]
    struct PageProps {
        path: AttrValue,
    }

    #[component]
    fn Page(props: &PageProps) -> Html {
        html! { <HostProvider host={Host::fixed(&props.path)}><App /></HostProvider> }
    }

    async fn at(path: &'static str) -> String {
        let props = PageProps { path: path.into() };
        yew::LocalServerRenderer::<Page>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_story_is_awaited_with_the_shape_of_what_comes() {
        let html = at("/story/exit-the-mainframe?from=x").await;
        for part in ["aria-busy=\"true\"", "skeleton--title", "href=\"/\""] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_path_that_can_name_no_story_is_not_even_asked_for() {
        for path in ["/story", "/story/", "/story/a/b", "/story/..%2Ffacets", "/story/feed"] {
            let html = at(path).await;
            assert!(html.contains("There is no such story"), "{path}: {html}");
            assert!(!html.contains("skeleton"), "{path}: {html}");
        }
    }
}
