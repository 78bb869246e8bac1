//! One result.

use std::rc::Rc;

use mfe_search_api::{Highlight, Hit};
use shared_ui::{components::Link, period, with_query};
use yew::prelude::*;

use super::MarkedText;
use crate::{facet::Facet, marked::covers};

/// Snippets on a card.
const SNIPPETS: usize = 2;
/// Fields whose highlights stand in their own place.
const TITLE: &str = "title";
const SUMMARY: &str = "summary";

/// Props of [`ResultCard`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct ResultCardProps {
    pub(crate) hit: Rc<Hit>,
}

/// A list item. The whole card leads to the story; its capability leads to more of the same.
#[component]
pub(crate) fn ResultCard(props: &ResultCardProps) -> Html {
    let hit = &props.hit;
    let more = with_query("/", &[(Facet::Capability.key(), &hit.capability)]);
    html! {
        <li class="search-card">
            <p class="search-card__about">{ &hit.client }{ " · " }{ &hit.role }</p>
            <h3 class="search-card__title">
                <Link to={["/story/", &hit.id].concat()}>{ title(hit) }</Link>
            </h3>
            <p class="search-card__period">{ period(&hit.start, hit.end.as_deref()) }</p>
            { summary(hit) }
            { snippets(hit) }
            <p class="search-card__more"><Link class="chip" to={more}>{ &hit.capability }</Link></p>
        </li>
    }
}

/// Shows the title, marked if there is a highlight of all of it.
fn title(hit: &Hit) -> Html {
    match of(hit, TITLE).filter(|highlight| covers(&highlight.html, &hit.title)) {
        Some(highlight) => html! { <MarkedText html={highlight.html.clone()} /> },
        None => html! { &hit.title },
    }
}

/// Shows the beginning of the summary, or the part of it that matches.
fn summary(hit: &Hit) -> Html {
    match of(hit, SUMMARY) {
        Some(highlight) => html! {
            <p class="search-card__summary is-marked">
                <MarkedText html={highlight.html.clone()} />
            </p>
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
                <span class="search-card__field">{ highlight.field.replace('_', " ") }</span>
                { " " }
                <MarkedText html={highlight.html.clone()} />
            </li>
        }
    };
    html! {
        <ul class="search-card__snippets" aria-label="Where it matches">{ for found.map(snippet) }</ul>
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use mfe_search_api::Highlight;

    use super::{ResultCard, ResultCardProps};
    use crate::found::tests::{highlight, hit};

    async fn render(highlights: Vec<Highlight>) -> String {
        let mut hit = hit();
        hit.highlights = highlights;
        let props = ResultCardProps { hit: Rc::new(hit) };
        yew::LocalServerRenderer::<ResultCard>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_card_says_what_for_whom_and_when_and_leads_to_the_story() {
        let html = render(Vec::new()).await;
        for part in [
            "href=\"/story/exit-the-mainframe\"",
            ">Exiting the Mainframe</a>",
            "Northbank · Delivery Director",
            "Mar 2017 – Oct 2018",
            "I led an exit.",
            "href=\"/?capability=AI+%26+Data\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("snippets"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn marks_stand_in_title_and_summary_and_below_for_other_fields() {
        let html = render(vec![
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
        let html = render(vec![highlight("title", "the <mark>Mainframe</mark>")]).await;
        assert!(html.contains(">Exiting the Mainframe</a>"), "{html}");
        assert!(!html.contains("<mark>"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_hostile_snippet_stays_text() {
        let html = render(vec![highlight("action", "<img src=x onerror=alert(1)>")]).await;
        assert!(html.contains("&lt;img src=x"), "{html}");
        assert!(!html.contains("<img"), "{html}");
    }
}
