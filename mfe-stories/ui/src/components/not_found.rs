//! The page for a story that is not there.

use shared_ui::{components::Link, hooks::use_title, with_query};
use yew::prelude::*;

use crate::story_id::words;

/// Props of [`NotFound`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct NotFoundProps {
    /// What the path named.
    pub(crate) id: AttrValue,
}

/// Says so, and leads to all work and to a search for the words of the path.
#[component]
pub(crate) fn NotFound(props: &NotFoundProps) -> Html {
    use_title("Story not found".into());
    let words = words(&props.id);
    html! {
        <div class="page stories-page stories-missing">
            <p class="eyebrow">{ "Not found" }</p>
            <h1>{ "There is no such story" }</h1>
            <p class="stories-missing__text">
                { "It may have been renamed or taken down since the link was made. The other stories \
                   are all still here." }
            </p>
            <div class="stories-missing__ways">
                <Link class="button button--primary" to="/">{ "Browse all work" }</Link>
                if !words.is_empty() {
                    <Link class="button" to={with_query("/", &[("q", &words)])}>
                        { "Search for “" }{ &words }{ "”" }
                    </Link>
                }
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{NotFound, NotFoundProps};

    async fn render(id: &'static str) -> String {
        let props = NotFoundProps { id: id.into() };
        yew::LocalServerRenderer::<NotFound>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_missing_story_leads_to_all_work_and_to_a_search_for_its_words() {
        let html = render("exit-the-mainfrme").await;
        for part in
            ["<h1>There is no such story</h1>", "href=\"/\"", "href=\"/?q=exit+the+mainfrme\""]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!render("").await.contains("/?q="));
    }
}
