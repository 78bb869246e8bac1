//! One result.

use mfe_search_api::{Highlight, Hit};
use shared_ui::{
    components::{IconName, icon},
    period, with_query,
};
use yew::prelude::*;

use super::marked_text::marked_text;
use crate::{
    facet::Facet,
    marked::covers,
    tag::{tag, words},
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
    let more = with_query("/", &[(Facet::Capability.key(), hit.capability.as_str())]);
    let class = match open {
        Some(true) => "search-card is-open",
        Some(false) => "search-card",
        None => "search-card is-link",
    };
    let about = [&hit.client, " · ", &hit.role].concat();
    let more = ui.link("chip", &more).text(&hit.capability);
    tag("li", class)
        .key(&hit.id)
        .with_text("p", "search-card__about", &about)
        .add(tag("h3", "search-card__title").add(story_link(ui, hit)).end())
        .with_text("p", "search-card__period", &period(&hit.start, hit.end.as_deref()))
        .add(summary(hit))
        .maybe(snippets(hit, SNIPPETS))
        .add(
            tag("p", "search-card__more")
                .add(more.end())
                .maybe(open.map(|open| toggle(ui, hit, open)))
                .end(),
        )
        .end()
}

fn toggle(ui: &Ui, hit: &Hit, open: bool) -> Html {
    let toggle = ui
        .button("search-card__toggle", ui.state.opened(&hit.id))
        .flag("aria-expanded", open)
        .with("aria-label", &["Details of ", &hit.title].concat());
    let toggle = if open { toggle.set("aria-controls", "search-detail") } else { toggle };
    toggle.text("Details").add(icon(IconName::ChevronDown)).end()
}

/// A link to the story that arrow keys find and coming back focuses.
pub(super) fn story_link(ui: &Ui, hit: &Hit) -> Html {
    ui.link("", &story_path(&hit.id))
        .set("data-result", "")
        .with("data-story", &hit.id)
        .add(title(hit))
        .end()
}

/// Shows the title, marked if there is a highlight of all of it.
fn title(hit: &Hit) -> Html {
    match of(hit, TITLE).filter(|highlight| covers(&highlight.html, &hit.title)) {
        Some(highlight) => marked_text(&highlight.html),
        None => words(&hit.title),
    }
}

/// Shows the beginning of the summary, or the part of it that matches.
fn summary(hit: &Hit) -> Html {
    match of(hit, SUMMARY) {
        Some(highlight) => {
            tag("p", "search-card__summary is-marked").add(marked_text(&highlight.html)).end()
        }
        None => tag("p", "search-card__summary").text(&hit.summary).end(),
    }
}

fn of<'a>(hit: &'a Hit, field: &str) -> Option<&'a Highlight> {
    hit.highlights.iter().find(|highlight| highlight.field == field)
}

/// Shows where else it matched, in at most `most` fields.
pub(super) fn snippets(hit: &Hit, most: usize) -> Option<Html> {
    let elsewhere = |highlight: &&Highlight| ![TITLE, SUMMARY].contains(&highlight.field.as_str());
    let mut found = hit.highlights.iter().filter(elsewhere).take(most).peekable();
    found.peek()?;
    let list = tag("ul", "search-card__snippets").set("aria-label", "Where it matches");
    Some(list.all(found.map(snippet)).end())
}

/// A list item with a field's name and what matched in it.
fn snippet(highlight: &Highlight) -> Html {
    let name = highlight.field.replace('_', " ");
    tag("li", "")
        .with_text("span", "search-card__field", &name)
        .text(" ")
        .add(marked_text(&highlight.html))
        .end()
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
