//! The page for a story that is not there.

use shared_ui::{kit::Host, tag::tag, with_query};
use yew::prelude::*;

use super::link;
use crate::story_id::words;

/// The page's title then.
pub(crate) const NOT_FOUND: &str = "Story not found";

/// Says so, and leads to all work and to a search for the words of the path.
pub(crate) fn not_found(host: &Host, id: &str) -> Html {
    let words = words(id);
    let search = (!words.is_empty()).then(|| {
        let said = ["Search for “", &words, "”"].concat();
        link(host, "button", &with_query("/", &[("q", words.as_str())])).text(&said).end()
    });
    let ways = tag("div", "stories-missing__ways")
        .add(link(host, "button button--primary", "/").text("Browse all work").end())
        .maybe(search);
    let text =
        "It may have been removed since the link was made. The other stories are all still here.";
    tag("div", "page stories-page stories-missing")
        .with_text("p", "eyebrow", "Not found")
        .with_text("h1", "", "There is no such story")
        .with_text("p", "stories-missing__text", text)
        .add(ways.end())
        .end()
}

#[cfg(test)]
mod tests {
    use super::not_found;
    use crate::parts::tests::{host, render};

    #[tokio::test(flavor = "current_thread")]
    async fn a_missing_story_leads_to_all_work_and_to_a_search_for_its_words() {
        let html = render(not_found(&host(), "exit-the-mainfrme")).await;
        for part in
            ["<h1>There is no such story</h1>", "href=\"/\"", "href=\"/?q=exit+the+mainfrme\""]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!render(not_found(&host(), "")).await.contains("/?q="));
    }
}
