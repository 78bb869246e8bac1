//! A result in more words, below its card.

use mfe_search_api::{Highlight, Hit};
use shared_ui::{
    components::{Icon, IconName},
    with_query,
};
use yew::prelude::*;

use super::{marked_text::marked_text, result_card::field_name};
use crate::{
    facet::Facet,
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
        let path = with_query("/", &[(facet.key(), value)]);
        html! {
            <div><dt>{ facet.label() }</dt><dd>{ ui.link("", &path, html! { value }) }</dd></div>
        }
    };
    let matched = |Highlight { field, html }: &Highlight| {
        html! {
            <li>
                <span class="search-card__field">{ field_name(field) }</span>{ " " }
                { marked_text(html) }
            </li>
        }
    };
    let ask = with_query("/ask", &[("story", &hit.id)]);
    html! {
        <li class="search-detail" id="search-detail" key="detail">
            <div class="search-detail__text">
                <p>{ &hit.summary }</p>
                if !hit.highlights.is_empty() {
                    <ul class="search-card__snippets" aria-label="Where it matches">
                        { for hit.highlights.iter().map(matched) }
                    </ul>
                }
                <p class="search-detail__ways">
                    <a class="button button--primary" href={ui.host.href(&story_path(&hit.id))}
                        data-story={hit.id.clone()}>
                        { "Read the story" }<Icon name={IconName::ArrowRight} />
                    </a>
                    { ui.link("button", &ask, html! { "Ask about this" }) }
                    <button type="button" class="button button--quiet"
                        onclick={ui.on_click(ui.state.opened(&hit.id))}>{ "Close" }</button>
                </p>
            </div>
            <dl class="search-detail__facts">
                { for facts.into_iter().filter(|(_, value)| !value.is_empty()).map(fact) }
            </dl>
        </li>
    }
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
