//! Results by era.

use mfe_search_api::Hit;
use shared_ui::{
    components::{Icon, IconName},
    period,
};
use yew::prelude::*;

use super::result_card::story_link;
use crate::{found::Found, timeline::Era, ui::Ui};

/// Sections, the newest era first; each can be collapsed and leads to all its stories.
pub(super) fn timeline(ui: &Ui, found: &Found) -> Html {
    html! { <ol class="search-timeline">{ for found.eras.iter().map(|era| section(ui, era)) }</ol> }
}

fn section(ui: &Ui, Era { name, count, hits, .. }: &Era) -> Html {
    let shown = !ui.state.folded.contains(name);
    let all = html! {
        <>{ "All " }{ count }{ if *count == 1 { " story" } else { " stories" } }<Icon name={IconName::ArrowRight} /></>
    };
    html! {
        <li class="search-era" key={&**name}>
            <h3 class="search-era__heading">
                <button type="button" class="search-era__toggle"
                    aria-expanded={if shown { "true" } else { "false" }}
                    onclick={ui.on_click(ui.state.folded(name))}>
                    { name }<Icon name={IconName::ChevronDown} />
                </button>
            </h3>
            if shown {
                <ul class="search-era__stories">{ for hits.iter().map(|hit| story(ui, hit)) }</ul>
            }
            { ui.link("search-era__all", &ui.state.within(name).to_path(), all) }
        </li>
    }
}

fn story(ui: &Ui, hit: &Hit) -> Html {
    html! {
        <li class="search-era__story" key={&*hit.id}>
            <p class="search-card__period">{ period(&hit.start, hit.end.as_deref()) }</p>
            <div>
                <h4 class="search-era__title">{ story_link(ui, hit) }</h4>
                <p class="search-card__about">{ &hit.client }{ " · " }{ &hit.capability }</p>
            </div>
        </li>
    }
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
