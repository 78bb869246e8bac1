//! What is below the search box before anything is asked.

use mfe_search_api::Sort;
use shared_ui::{
    Loadable,
    components::{Icon, IconName},
};
use yew::prelude::*;

use super::{
    cards::coming, facet_index::facet_index, notices::failure, questions::questions,
    result_card::result_card,
};
use crate::{facet::Facet, found::Found, state::NEWEST, ui::Ui};

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
    html! {
        <div class="search-landing" aria-busy={if found.is_none() { "true" } else { "false" }}>
            <div class="search-counts">{ for found.map(|found| counts(found, oldest)) }</div>
            { facet_index(ui, Facet::Capability, "By capability", facets) }
            { facet_index(ui, Facet::Industry, "By industry", facets) }
            <section class="search-landing__newest" aria-labelledby="search-newest">
                <h2 id="search-newest">{ "Newest stories" }</h2>
                {
                    match found {
                        None => coming(NEWEST),
                        Some(found) => html! {
                            <ul class="search-grid">
                                { for found.hits.iter().map(|hit| result_card(ui, hit, None)) }
                            </ul>
                        },
                    }
                }
                { for found.map(|found| all(ui, found)) }
            </section>
            { questions(ui) }
        </div>
    }
}

fn counts(found: &Found, oldest: Option<&Found>) -> Html {
    let numbers = [
        (found.total, "stories"),
        (count(found.facets.client.len()), "clients"),
        (count(found.facets.industry.len()), "industries"),
        (oldest.and_then(|oldest| years(oldest, found)).unwrap_or_default(), "years"),
    ];
    let number = |(number, of): (u32, &'static str)| {
        html! { <li><strong class="search-counts__number">{ number }</strong>{ " " }{ of }</li> }
    };
    let known = numbers.into_iter().filter(|(number, _)| *number > 0);
    html! { <ul class="search-counts__list">{ for known.map(number) }</ul> }
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
    let content = html! {
        <>{ "All " }{ found.total }{ " stories" }<Icon name={IconName::ArrowRight} /></>
    };
    html! {
        <p>{ ui.link("button", &ui.state.sorted(Sort::Newest).to_path(), content) }</p>
    }
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
