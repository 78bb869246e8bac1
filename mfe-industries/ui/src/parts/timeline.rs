//! Engagements over the years, as a chart and as a table.
//!
//! The service has laid everything out in thousandths; here they become percentages, so the chart fits
//! any width and its text never scales. Bars are SVG; the links over them are HTML, because hosts follow
//! HTML links only, and never smaller than a finger.

use mfe_industries_api::{Bar, Engagement, Tick, Timeline};
use shared_ui::{kit::Host, period};
use yew::prelude::*;

use super::{link, search};

/// Pixels from row to row; a bar's link is 24 high.
const ROW: u32 = 30;

/// Draws the timeline of an industry or, with a `capability`, of that one in it.
///
/// A figure with a lane for each client, which leads into search, and a linked bar for each story. Below, a
/// table says the same.
pub(crate) fn timeline(host: &Host, industry: &str, capability: &str, timeline: &Timeline) -> Html {
    let Timeline { ticks, engagements } = timeline;
    let client = |engagement: &Engagement| {
        let Engagement { client, count, .. } = engagement;
        let content = html! {
            <>
                { client }
                <span class="industries-number">{ count }<span class="visually-hidden">{ " in search" }</span></span>
            </>
        };
        link(host, &search(industry, capability, client), content)
    };
    html! {
        <>
            <figure class="industries-chart" aria-labelledby="timeline">
                <div class="industries-lane" aria-hidden="true">
                    <span></span>
                    <svg height="20">{ for ticks.iter().map(year) }</svg>
                </div>
                <ul>{ for engagements.iter().map(|engagement| lane(host, engagement, client(engagement), ticks)) }</ul>
            </figure>
            <details id="timeline-table" class="industries-table">
                <summary class="button"><span>{ "Show as a table" }</span><span>{ "Hide the table" }</span></summary>
                <table>
                    <thead>
                        <tr><th scope="col">{ "Client" }</th><th scope="col">{ "Story" }</th><th scope="col">{ "When" }</th></tr>
                    </thead>
                    { for engagements.iter().map(|engagement| table_rows(host, engagement, client(engagement))) }
                </table>
            </details>
        </>
    }
}

fn year(Tick { year, offset }: &Tick) -> Html {
    html! { <text x={percent(*offset)} y="15">{ year }</text> }
}

fn lane(host: &Host, engagement: &Engagement, client: Html, ticks: &[Tick]) -> Html {
    let Engagement { start, end, rows, bars, .. } = engagement;
    html! {
        <li class="industries-lane">
            <div>{ client }<p class="soft">{ period(start, end.as_deref()) }</p></div>
            <svg height={(rows * ROW).to_string()}>
                { for ticks.iter().map(|tick| {
                    let x = percent(tick.offset);
                    html! { <line x1={x.clone()} x2={x} y2="100%" /> }
                }) }
                { for (0..*rows).flat_map(|row| bars.iter().filter(move |bar| bar.row == row)).map(|one| bar(host, one)) }
            </svg>
        </li>
    }
}

fn bar(host: &Host, bar: &Bar) -> Html {
    let Bar { id, title, start, end, offset, length, row } = bar;
    let (x, width, top) = (percent(*offset), percent(*length), row * ROW);
    let name = [title, ", ", &period(start, end.as_deref())].concat();
    // Says its name to the left where there is no room to the right.
    let late = (*offset >= 500).then_some("late");
    html! {
        <g>
            <rect x={x.clone()} y={(top + 8).to_string()} width={width.clone()} height="14" rx="4" />
            <foreignObject {x} y={(top + 3).to_string()} {width} height="24">
                <a xmlns="http://www.w3.org/1999/xhtml" class="industries-bar" data-at={late} href={host.href(&["/story/", id].concat())} aria-label={name}></a>
            </foreignObject>
        </g>
    }
}

fn table_rows(host: &Host, engagement: &Engagement, client: Html) -> Html {
    let Engagement { bars, .. } = engagement;
    let mut client = Some(client);
    let row = |Bar { id, title, start, end, .. }: &Bar| {
        let first = client.take().map(|client| {
            html! { <th scope="rowgroup" rowspan={bars.len().to_string()}>{ client }</th> }
        });
        html! {
            <tr>
                { first }
                <td>{ link(host, &["/story/", id].concat(), html! { title }) }</td>
                <td>{ period(start, end.as_deref()) }</td>
            </tr>
        }
    };
    html! { <tbody>{ for bars.iter().map(row) }</tbody> }
}

/// Returns thousandths as per cent: `12.5%`.
fn percent(thousandths: u32) -> AttrValue {
    [&(thousandths / 10).to_string(), ".", &(thousandths % 10).to_string(), "%"].concat().into()
}

#[cfg(test)]
mod tests {
    use shared_ui::kit::Host;

    use super::{percent, timeline};
    use crate::samples::{categories, render};

    #[test]
    fn thousandths_are_per_cent_with_one_decimal() {
        let written = [0, 7, 125, 1000].map(|thousandths| percent(thousandths).to_string());
        assert_eq!(written, ["0.0%", "0.7%", "12.5%", "100.0%"]);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn bars_lead_to_stories_and_clients_into_search() {
        let html = render(timeline(
            &Host::fixed("/"),
            "Transportation & Logistics",
            "",
            &categories().timeline,
        ))
        .await;
        for part in [
            "<text x=\"30.0%\" y=\"15\">2014</text>",
            "href=\"/?industry=Transportation+%26+Logistics&amp;client=Tidewater+Ports\"",
            "Tidewater Ports<span class=\"industries-number\">2<",
            "<svg height=\"60\"><line x1=\"30.0%\" x2=\"30.0%\" y2=\"100%\"></line>",
            "<rect x=\"62.5%\" y=\"38\" width=\"15.0%\" height=\"14\" rx=\"4\">",
            "data-at=\"late\" href=\"/story/berths-by-noon\" aria-label=\"Berths by Noon, Mar 2017 – Oct 2018\" class=\"industries-bar\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_table_says_what_the_chart_shows() {
        let html =
            render(timeline(&Host::fixed("/"), "Retail", "Cloud", &categories().timeline)).await;
        let (_, table) = html.split_once("<table>").unwrap();
        assert!(table.contains("<th scope=\"rowgroup\" rowspan=\"2\"><a"), "{table}");
        assert!(
            table.contains(
                "href=\"/?industry=Retail&amp;capability=Cloud&amp;client=Tidewater+Ports\""
            ),
            "{table}"
        );
        assert!(table.contains("Berths by Noon</a></td><td>Mar 2017 – Oct 2018</td>"), "{table}");
        assert_eq!(table.matches("<tr>").count(), 3, "{table}");
    }
}
