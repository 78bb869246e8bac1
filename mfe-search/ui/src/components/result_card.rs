//! One result.

use std::rc::Rc;

use mfe_search_api::{Highlight, Hit};
use shared_ui::{components::Link, period, with_query};
use yew::prelude::*;

use super::MarkedText;
use crate::{facet::Facet, marked::covers};

/// Snippets on a card.
const SNIPPETS: usize = 2;

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
                <Link to={["/story/", &hit.id].concat()}>{ whole(hit, "title", &hit.title) }</Link>
            </h3>
            <p class="search-card__period">{ period(&hit.start, hit.end.as_deref()) }</p>
            <p class="search-card__summary">{ whole(hit, "summary", &hit.summary) }</p>
            { snippets(hit) }
            <p class="search-card__more"><Link class="chip" to={more}>{ &hit.capability }</Link></p>
        </li>
    }
}

/// Shows a text, marked if there is a highlight of all of it.
fn whole(hit: &Hit, field: &str, text: &str) -> Html {
    match hit.highlights.iter().find(|h| h.field == field && covers(&h.html, text)) {
        Some(highlight) => html! { <MarkedText html={highlight.html.clone()} /> },
        None => html! { text },
    }
}

/// Shows where else it matched.
fn snippets(hit: &Hit) -> Html {
    let elsewhere = |highlight: &&Highlight| match highlight.field.as_str() {
        // A part of the title would only repeat it.
        "title" => false,
        "summary" => !covers(&highlight.html, &hit.summary),
        _ => true,
    };
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
    async fn marks_stand_in_the_text_where_they_cover_it_and_below_it_elsewhere() {
        let html = render(vec![
            highlight("title", "Exiting the <mark>Mainframe</mark>"),
            highlight("summary", "led an <mark>exit</mark>"),
            highlight("action", "cut the <mark>mainframe</mark>"),
            highlight("result", "third"),
        ])
        .await;
        assert!(html.contains("Exiting the <mark>Mainframe</mark></a>"), "{html}");
        assert!(html.contains("<p class=\"search-card__summary\">I led an exit.</p>"), "{html}");
        assert!(html.contains("led an <mark>exit</mark>"), "{html}");
        assert!(html.contains("cut the <mark>mainframe</mark>"), "{html}");
        assert!(!html.contains("third"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_hostile_snippet_stays_text() {
        let html = render(vec![highlight("action", "<img src=x onerror=alert(1)>")]).await;
        assert!(html.contains("&lt;img src=x"), "{html}");
        assert!(!html.contains("<img"), "{html}");
    }
}
