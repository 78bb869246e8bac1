//! `/industries`: all of them.

use mfe_industries_api::{Industries, Industry};
use shared_ui::kit::Host;
use yew::prelude::*;

use crate::{
    parts::link,
    wording::{counted, stories, years},
};

/// Draws one row an industry, most stories first; no industries are told in words.
pub(crate) fn index(host: &Host, data: &Industries) -> Html {
    if data.industries.is_empty() {
        return html! { <p>{ "There are no stories yet. Once some are imported, their industries appear here." }</p> };
    }
    let most = data.industries.iter().map(|industry| industry.count).max().unwrap_or_default();
    html! { <ul class="industries-list">{ for data.industries.iter().map(|industry| row(host, industry, most)) }</ul> }
}

/// Draws headline counts, clients and capabilities. The heading's link covers the row; the bar only
/// repeats the count and is hidden from assistive technology.
fn row(host: &Host, industry: &Industry, most: u32) -> Html {
    let Industry { slug, name, count, clients, capabilities, capability_count, from, to } =
        industry;
    let share = (count * 100).checked_div(most).unwrap_or_default();
    let client_count = u32::try_from(clients.len()).unwrap_or(u32::MAX);
    let mut names = String::new();
    for client in clients {
        names.push_str(if names.is_empty() { "" } else { ", " });
        names.push_str(&client.name);
    }
    html! {
        <li class="industries-row">
            <svg class="industries-row__bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                <rect width={share.to_string()} height="1" />
            </svg>
            <div class="industries-row__name">
                <h2>{ link(host, &["/industries/", slug].concat(), html! { name }) }</h2>
                <p class="soft">
                    { stories(*count) }{ " · " }{ years(from, to.as_deref()) }<br />
                    if client_count > 0 {
                        { counted(client_count, " named client · ", " named clients · ") }
                    }
                    { counted(*capability_count, " capability", " capabilities") }
                </p>
            </div>
            <div class="industries-row__about">
                if client_count > 0 {
                    <p><span class="visually-hidden">{ "Clients: " }</span>{ names }</p>
                }
                <ul class="industries-chips" aria-label="Top capabilities">
                    { for capabilities.iter().map(|capability| html! {
                        <li class="chip">{ &capability.name }</li>
                    }) }
                </ul>
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use mfe_industries_api::Industries;
    use shared_ui::kit::Host;

    use super::index;
    use crate::samples::{industry, render};

    #[tokio::test(flavor = "current_thread")]
    async fn a_row_links_the_industry_and_tells_its_size() {
        let mut smaller = industry();
        smaller.count = 22;
        let html = render(index(
            &Host::fixed("/"),
            &Industries { industries: vec![smaller, industry()], total: 33 },
        ))
        .await;
        for part in [
            "<h2><a href=\"/industries/transportation-and-logistics\">Transportation &amp; Logistics</a></h2>",
            "11 stories · 2011 – 2021<br>2 named clients · 2 capabilities",
            "Great Lakes Freight, Tidewater Ports",
            "<li class=\"chip\">Cloud Platform</li>",
            "<rect width=\"50\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_row_without_named_clients_has_no_empty_line_for_them() {
        let mut industry = industry();
        industry.clients.clear();
        let html =
            render(index(&Host::fixed("/"), &Industries { industries: vec![industry], total: 11 }))
                .await;
        assert!(!html.contains("Clients:") && !html.contains("named client"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn no_industries_are_told_in_words() {
        let html =
            render(index(&Host::fixed("/"), &Industries { industries: Vec::new(), total: 0 }))
                .await;
        assert!(html.starts_with("<p>There are no stories yet."), "{html}");
    }
}
