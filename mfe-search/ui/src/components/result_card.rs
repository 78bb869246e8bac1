//! One result.

use mfe_search_api::{Highlight, Hit};
use shared_ui::{
    components::{Icon, IconName},
    period, with_query,
};
use yew::prelude::*;

use super::marked_text::marked_text;
use crate::{
    facet::Facet,
    marked::covers,
    ui::{Ui, story_path},
};

/// Snippets on a card.
const SNIPPETS: usize = 2;
/// Fields whose highlights stand in their own place.
const TITLE: &str = "title";
const SUMMARY: &str = "summary";

/// A list item. Its title leads to the story and its capability to more of the same; the rest of it opens
/// and closes its detail, `open` or not, or leads to the story where there are no details.
pub(super) fn result_card(ui: &Ui, hit: &Hit, open: Option<bool>) -> Html {
    let more = with_query("/", &[(Facet::Capability.key(), &hit.capability)]);
    let class = match open {
        Some(true) => "search-card is-open",
        Some(false) => "search-card",
        None => "search-card is-link",
    };
    html! {
        <li {class} key={&*hit.id}>
            <p class="search-card__about">{ &hit.client }{ " · " }{ &hit.role }</p>
            <h3 class="search-card__title">{ story_link(ui, hit) }</h3>
            <p class="search-card__period">{ period(&hit.start, hit.end.as_deref()) }</p>
            { summary(hit) }
            { snippets(hit) }
            <p class="search-card__more">
                { ui.link("chip", &more, html! { &hit.capability }) }
                { for open.map(|open| toggle(ui, hit, open)) }
            </p>
        </li>
    }
}

fn toggle(ui: &Ui, hit: &Hit, open: bool) -> Html {
    html! {
        <button type="button" class="search-card__toggle" aria-expanded={if open { "true" } else { "false" }}
            aria-controls={open.then_some("search-detail")}
            aria-label={["Details of ", &hit.title].concat()}
            onclick={ui.on_click(ui.state.opened(&hit.id))}>
            { if open { "Less" } else { "Details" } }<Icon name={IconName::ChevronDown} />
        </button>
    }
}

/// A link to the story that arrow keys find and coming back focuses.
pub(super) fn story_link(ui: &Ui, hit: &Hit) -> Html {
    html! { <a href={ui.host.href(&story_path(&hit.id))} data-result="" data-story={hit.id.clone()}>{ title(hit) }</a> }
}

/// Shows the title, marked if there is a highlight of all of it.
fn title(hit: &Hit) -> Html {
    match of(hit, TITLE).filter(|highlight| covers(&highlight.html, &hit.title)) {
        Some(highlight) => marked_text(&highlight.html),
        None => html! { &hit.title },
    }
}

/// Shows the beginning of the summary, or the part of it that matches.
fn summary(hit: &Hit) -> Html {
    match of(hit, SUMMARY) {
        Some(highlight) => html! {
            <p class="search-card__summary is-marked">{ marked_text(&highlight.html) }</p>
        },
        None => html! { <p class="search-card__summary">{ &hit.summary }</p> },
    }
}

fn of<'a>(hit: &'a Hit, field: &str) -> Option<&'a Highlight> {
    hit.highlights.iter().find(|highlight| highlight.field == field)
}

/// Shows where else it matched.
fn snippets(hit: &Hit) -> Html {
    let elsewhere = |highlight: &&Highlight| ![TITLE, SUMMARY].contains(&highlight.field.as_str());
    let mut found = hit.highlights.iter().filter(elsewhere).take(SNIPPETS).peekable();
    if found.peek().is_none() {
        return Html::default();
    }
    let snippet = |highlight: &Highlight| {
        html! {
            <li>
                <span class="search-card__field">{ field_name(&highlight.field) }</span>
                { " " }
                { marked_text(&highlight.html) }
            </li>
        }
    };
    html! {
        <ul class="search-card__snippets" aria-label="Where it matches">{ for found.map(snippet) }</ul>
    }
}

/// Returns a field's name for people.
pub(super) fn field_name(field: &str) -> String {
    field.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use mfe_search_api::Highlight;

    use super::result_card;
    use crate::{
        found::tests::{highlight, hit},
        ui::tests::{at, render},
    };

    async fn card(highlights: Vec<Highlight>) -> String {
        let mut hit = hit();
        hit.highlights = highlights;
        render(result_card(&at("/?q=a"), &hit, Some(false))).await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_card_says_what_for_whom_and_when_and_leads_to_the_story() {
        let html = card(Vec::new()).await;
        for part in [
            "href=\"/story/exit-the-mainframe\"",
            ">Exiting the Mainframe</a>",
            "Northbank · Delivery Director",
            "Mar 2017 – Oct 2018",
            "I led an exit.",
            "href=\"/?capability=AI+%26+Data\"",
            "aria-label=\"Details of Exiting the Mainframe\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("snippets"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn marks_stand_in_title_and_summary_and_below_for_other_fields() {
        let html = card(vec![
            highlight("title", "Exiting the <mark>Mainframe</mark>"),
            highlight("summary", "led an <mark>exit</mark>"),
            highlight("action", "cut the <mark>mainframe</mark>"),
            highlight("result", "second"),
            highlight("tags", "third"),
        ])
        .await;
        assert!(html.contains("Exiting the <mark>Mainframe</mark></a>"), "{html}");
        assert!(html.contains("__summary is-marked\">led an <mark>exit</mark></p>"), "{html}");
        assert!(html.contains("cut the <mark>mainframe</mark>"), "{html}");
        assert!(!html.contains("third"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_part_of_a_title_does_not_stand_for_it() {
        let html = card(vec![highlight("title", "the <mark>Mainframe</mark>")]).await;
        assert!(html.contains(">Exiting the Mainframe</a>"), "{html}");
        assert!(!html.contains("<mark>"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_hostile_snippet_stays_text() {
        let html = card(vec![highlight("action", "<img src=x onerror=alert(1)>")]).await;
        assert!(html.contains("&lt;img src=x"), "{html}");
        assert!(!html.contains("<img"), "{html}");
    }
}
