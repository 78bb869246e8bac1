//! The stories that an answer rests on.

use mfe_ask_api::{Source, Standing};
use shared_ui::{
    components::{IconName, icon},
    tag::tag,
};
use yew::Html;

use super::{
    answer_text::standing,
    view::{Change, Changes, View, on_click},
};
use crate::ways::Ways;

/// Cards that are shown at once: three, or six for an answer that goes over many stories.
fn at_once(sources: usize) -> usize {
    if sources > 3 { 6 } else { 3 }
}

/// A section of cards that open in place; `None` without sources.
pub(super) fn sources(
    ways: &Ways,
    sources: &[Source],
    view: &View,
    changes: &Changes,
) -> Option<Html> {
    if sources.is_empty() {
        return None;
    }
    let shown = if view.all { sources.len() } else { at_once(sources.len()) };
    let cards = sources.iter().take(shown).enumerate().map(|(at, source)| {
        let open = view.cards >> (at & 31) & 1 == 1;
        card(ways, at, source, open, changes)
    });
    let rest = (sources.len() > shown).then(|| {
        let all = ["Show all ", &sources.len().to_string(), " sources"].concat();
        let button = tag("button", "button button--quiet").set("type", "button");
        button.click(on_click(changes, Change::All)).text(&all).end()
    });
    // No landmark: there is one in each turn.
    let part = tag("div", "ask-sources")
        .set("role", "group")
        .set("aria-label", "Sources")
        .with_text("h3", "", "Sources")
        .add(tag("ol", "").all(cards).end())
        .maybe(rest);
    Some(part.end())
}

fn card(ways: &Ways, at: usize, source: &Source, open: bool, changes: &Changes) -> Html {
    let about = tag("span", "ask-source__about")
        .with_text("span", "ask-source__title", &source.title)
        .with_text("span", "soft", &source.client);
    let head = tag("button", "ask-source__head")
        .set("type", "button")
        .flag("aria-expanded", open)
        .click(on_click(changes, Change::Card(at)))
        .with_text("span", "ask-source__number", &(at + 1).to_string())
        .add(about.end())
        .add(icon(IconName::ChevronDown));
    tag("li", if open { "ask-source is-open" } else { "ask-source" })
        .add(head.end())
        .maybe(standing(source))
        .maybe(open.then(|| more(ways, source)))
        .end()
}

fn more(ways: &Ways, source: &Source) -> Html {
    let quotes = source.quotes.iter().map(|quote| tag("blockquote", "").text(quote).end());
    let there = source.standing != Standing::Gone;
    let link = there.then(|| {
        let path = ways.host.href(&["/story/", &source.id].concat());
        let link = tag("a", "ask-source__link").with("href", &path).text("Read the story");
        link.add(icon(IconName::ArrowRight)).end()
    });
    tag("div", "ask-source__more")
        .with_text("p", "soft", &source.role)
        .with_text("p", "", &source.summary)
        .all(quotes)
        .maybe(link)
        .end()
}

#[cfg(test)]
mod tests {
    use mfe_ask_api::{Source, Standing};
    use shared_ui::{hooks::lean::use_reducer, testing::render};
    use yew::prelude::*;

    use super::sources;
    use crate::components::{
        tests::{answer, ways},
        view::View,
    };

    #[derive(Clone, PartialEq, Properties)]
    struct CardsProps {
        sources: Vec<Source>,
        view: View,
    }

    #[component]
    fn Cards(props: &CardsProps) -> Html {
        let view = use_reducer(View::default);
        let part = sources(&ways(), &props.sources, &props.view, &view.setter());
        part.unwrap_or_default()
    }

    async fn cards(sources: Vec<Source>, view: View) -> String {
        render(html! { <Cards {sources} {view} /> }).await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn three_are_shown_and_six_of_many_until_all_are_wanted() {
        for (there, all, shown) in
            [(0, false, 0), (3, false, 3), (4, false, 4), (7, false, 6), (7, true, 7)]
        {
            let html = cards(answer(there).sources, View { all, ..View::default() }).await;
            assert_eq!(html.matches("<li ").count(), shown, "{there}: {html}");
            assert_eq!(html.contains("Show all 7 sources"), there == 7 && !all, "{html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_card_opens_in_place() {
        let html = cards(answer(2).sources, View { cards: 0b10, ..View::default() }).await;
        assert_eq!(html.matches("ask-source__more").count(), 1, "{html}");
        for part in [
            "aria-expanded=\"false\"",
            "aria-expanded=\"true\"",
            "<p class=\"soft\">Director</p><p>It was led.</p><blockquote>It ended &lt;early&gt;.</blockquote>",
            "href=\"/story/berths\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_story_that_is_gone_is_said_to_be_and_not_linked() {
        let mut sources = answer(1).sources;
        sources[0].standing = Standing::Gone;
        let html = cards(sources, View { cards: 1, ..View::default() }).await;
        assert!(html.contains("removed since") && !html.contains("href"), "{html}");
    }
}
