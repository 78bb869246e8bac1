//! What is below the search box before anything is asked.

use mfe_search_api::Sort;
use shared_ui::{
    Loadable,
    components::{IconName, icon},
};
use yew::prelude::*;

use super::{
    cards::coming, facet_index::facet_index, notices::failure, questions::questions,
    result_card::result_card,
};
use crate::{facet::Facet, found::Found, state::NEWEST, tag::tag, ui::Ui};

/// Counts, ways in, the newest stories and questions; sections with headings, busy while they load.
/// `oldest` is the answer with the first story.
pub(crate) fn landing(
    ui: &Ui,
    found: &Loadable<Found>,
    oldest: &Loadable<Found>,
    retry: &Callback<()>,
) -> Html {
    let found = match found {
        Loadable::Failed(problem) => {
            return failure("The stories could not be loaded", problem, retry);
        }
        Loadable::Loading => None,
        Loadable::Ready(found) => Some(&**found),
    };
    let facets = found.map(|found| &*found.facets);
    let oldest = oldest.ready().map(|oldest| &**oldest);
    let newest = match found {
        None => coming(NEWEST),
        Some(found) => {
            let cards = found.hits.iter().map(|hit| result_card(ui, hit, None));
            tag("ul", "search-grid").all(cards).end()
        }
    };
    let newest = tag("section", "search-landing__newest")
        .set("aria-labelledby", "newest")
        .add(tag("h2", "").set("id", "newest").text("Newest stories").end())
        .add(newest)
        .maybe(found.map(|found| all(ui, found)));
    let counts = found.map(|found| counts(found, oldest));
    tag("div", "search-landing")
        .flag("aria-busy", found.is_none())
        .add(tag("div", "search-counts").maybe(counts).end())
        .add(facet_index(ui, Facet::Capability, "By capability", facets))
        .add(facet_index(ui, Facet::Industry, "By industry", facets))
        .add(newest.end())
        .add(questions(ui))
        .end()
}

fn counts(found: &Found, oldest: Option<&Found>) -> Html {
    let numbers = [
        (found.total, " stories"),
        (count(found.facets.client.len()), " clients"),
        (count(found.facets.industry.len()), " industries"),
        (oldest.and_then(|oldest| years(oldest, found)).unwrap_or_default(), " years"),
    ];
    let number = |(number, of): (u32, &'static str)| {
        let number = tag("strong", "search-counts__number").number(number);
        tag("li", "").add(number.end()).text(of).end()
    };
    let known = numbers.into_iter().filter(|(number, _)| *number > 0);
    tag("ul", "search-counts__list").all(known.map(number)).end()
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Returns the years between the first story's start and the last one's end.
fn years(oldest: &Found, newest: &Found) -> Option<u32> {
    let year = |date: &str| date.get(..4)?.parse::<u32>().ok();
    let first = year(&oldest.hits.first()?.start)?;
    let last = newest.hits.iter().filter_map(|hit| year(hit.end.as_ref().unwrap_or(&hit.start)));
    last.max()?.checked_sub(first)
}

fn all(ui: &Ui, found: &Found) -> Html {
    ui.link("button search-landing__all", &ui.state.sorted(Sort::Newest).to_path())
        .text("All ")
        .number(found.total)
        .text(" stories")
        .add(icon(IconName::ArrowRight))
        .end()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use mfe_search_api::{Confidence, Hit};
    use shared_ui::Loadable;
    use yew::prelude::*;

    use super::{landing, years};
    use crate::{
        found::{
            Found,
            tests::{found, hit},
        },
        ui::tests::{at, render},
    };

    #[tokio::test(flavor = "current_thread")]
    async fn the_landing_counts_shows_the_newest_and_leads_on() {
        let found = Loadable::Ready(Rc::new(found(112, Confidence::High)));
        let html = render(landing(&at("/"), &found, &found, &Callback::noop())).await;
        for part in [
            "112</strong> stories",
            "1</strong> clients",
            "2</strong> industries",
            "1</strong> years",
            "href=\"/story/exit-the-mainframe\"",
            "href=\"/?sort=newest\"",
            "All 112 stories",
            "href=\"/?industry=Retail\"",
            "href=\"/ask?q=",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("aria-expanded"), "details are for results: {html}");
    }

    #[test]
    fn years_are_from_the_first_start_to_the_last_end() {
        let of = |start: &str, end: Option<&str>| {
            let (start, end) = (start.to_owned(), end.map(str::to_owned));
            Found { hits: vec![Rc::new(Hit { start, end, ..hit() })], ..Found::default() }
        };
        assert_eq!(
            years(&of("1999-05", Some("2001-01")), &of("2021-03", Some("2024-02"))),
            Some(25)
        );
        assert_eq!(years(&of("1999-05", None), &of("2021-03", None)), Some(22));
        assert_eq!(years(&of("é", None), &of("2021-03", None)), None);
        assert_eq!(years(&Found::default(), &of("2021-03", None)), None);
    }
}
