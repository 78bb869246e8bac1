//! Results by era.

use mfe_search_api::Hit;
use shared_ui::{
    components::{IconName, icon},
    period,
};
use yew::prelude::*;

use super::result_card::story_link;
use crate::{found::Found, tag::tag, timeline::Era, ui::Ui};

/// Sections, the newest era first; each can be collapsed and leads to all its stories.
pub(super) fn timeline(ui: &Ui, found: &Found) -> Html {
    tag("ol", "search-timeline").all(found.eras.iter().map(|era| section(ui, era))).end()
}

fn section(ui: &Ui, Era { name, count, hits, .. }: &Era) -> Html {
    let shown = !ui.state.folded.contains(name);
    let toggle = ui
        .button("search-era__toggle", ui.state.folded(name))
        .flag("aria-expanded", shown)
        .text(name)
        .add(icon(IconName::ChevronDown));
    let all = ui
        .link("search-era__all", &ui.state.within(name).to_path())
        .text("All ")
        .number(*count)
        .text(if *count == 1 { " story" } else { " stories" })
        .add(icon(IconName::ArrowRight));
    let stories = shown
        .then(|| tag("ul", "search-era__stories").all(hits.iter().map(|hit| story(ui, hit))).end());
    tag("li", "search-era")
        .key(name)
        .add(tag("h3", "search-era__heading").add(toggle.end()).end())
        .maybe(stories)
        .add(all.end())
        .end()
}

fn story(ui: &Ui, hit: &Hit) -> Html {
    let about = [&hit.client, " · ", &hit.capability].concat();
    let text = tag("div", "")
        .add(tag("h4", "search-era__title").add(story_link(ui, hit)).end())
        .with_text("p", "search-card__about", &about);
    tag("li", "search-era__story")
        .key(&hit.id)
        .with_text("p", "search-card__period", &period(&hit.start, hit.end.as_deref()))
        .add(text.end())
        .end()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use mfe_search_api::{Confidence, Hit};

    use super::timeline;
    use crate::{
        found::{
            Found,
            tests::{counted, found, hit},
        },
        timeline::eras,
        ui::tests::{at, render},
    };

    #[tokio::test(flavor = "current_thread")]
    async fn an_era_shows_its_stories_until_it_is_collapsed_and_leads_to_all() {
        let hits = [Rc::new(Hit { era: "R&D".to_owned(), ..hit() })];
        let eras = eras(&[counted("R&D", 23)], &[], &hits);
        let found = Found { eras, ..found(23, Confidence::High) };
        let html = render(timeline(&at("/?q=a&view=timeline"), &found)).await;
        for part in [
            "aria-expanded=\"true\"",
            "All 23 stories",
            "href=\"/?q=a&amp;era=R%26D&amp;view=table\"",
            "href=\"/story/exit-the-mainframe\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        let folded = render(timeline(&at("/?q=a&view=timeline&fold=R%26D"), &found)).await;
        assert!(folded.contains("aria-expanded=\"false\""), "{folded}");
        assert!(!folded.contains("/story/"), "{folded}");
    }
}
