//! A result in more words, below its card.

use mfe_search_api::Hit;
use shared_ui::{
    components::{IconName, icon},
    with_query,
};
use yew::prelude::*;

use super::result_card::snippets;
use crate::{
    facet::Facet,
    tag::tag,
    ui::{Ui, story_path},
};

/// A list item across the grid: the whole summary, all that matched, facts and the ways on.
pub(super) fn detail(ui: &Ui, hit: &Hit) -> Html {
    let facts = [
        (Facet::Role, &hit.role),
        (Facet::Industry, &hit.industry),
        (Facet::Capability, &hit.capability),
        (Facet::SubCategory, &hit.sub_category),
        (Facet::Era, &hit.era),
    ];
    let fact = |(facet, value): (Facet, &String)| {
        let link = ui.link("", &with_query("/", &[(facet.key(), value.as_str())])).text(value);
        let value = tag("dd", "").add(link.end());
        tag("div", "").with_text("dt", "", facet.label()).add(value.end()).end()
    };
    let known = facts.into_iter().filter(|(_, value)| !value.is_empty());
    let matched = snippets(hit, usize::MAX);
    let read = ui
        .link("button button--primary", &story_path(&hit.id))
        .with("data-story", &hit.id)
        .text("Read the story")
        .add(icon(IconName::ArrowRight));
    let ask = ui
        .link("button", &with_query("/ask", &[("story", hit.id.as_str())]))
        .text("Ask about this");
    let close = ui.button("button button--quiet", ui.state.opened(&hit.id)).text("Close");
    let ways = tag("p", "search-detail__ways").add(read.end()).add(ask.end()).add(close.end());
    let text = tag("div", "search-detail__text").with_text("p", "", &hit.summary);
    tag("li", "search-detail")
        .set("id", "search-detail")
        .key("detail")
        .add(text.maybe(matched).add(ways.end()).end())
        .add(tag("dl", "search-detail__facts").all(known.map(fact)).end())
        .end()
}

#[cfg(test)]
mod tests {
    use super::detail;
    use crate::{
        found::tests::{highlight, hit},
        ui::tests::{at, render},
    };

    #[tokio::test(flavor = "current_thread")]
    async fn a_detail_says_all_that_is_known_and_leads_on() {
        let mut hit = hit();
        hit.highlights = (0..4).map(|_| highlight("use_case", "an <mark>exit</mark>")).collect();
        let html = render(detail(&at("/?q=exit"), &hit)).await;
        for part in [
            "I led an exit.",
            "href=\"/story/exit-the-mainframe\"",
            "href=\"/ask?story=exit-the-mainframe\"",
            "href=\"/?capability=AI+%26+Data\"",
            "use case",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert_eq!(html.matches("<mark>").count(), 4, "{html}");
        assert!(!html.contains("Domain"), "a fact that is not known: {html}");
    }
}
