//! One industry in the index.

use mfe_industries_api::Industry;
use shared_ui::components::Link;
use yew::prelude::*;

use crate::wording::{stories, years};

/// Props of [`IndustryRow`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct IndustryRowProps {
    /// What it shows.
    pub(crate) industry: Industry,
    /// Stories of the largest industry: what the bar's full width stands for.
    pub(crate) most: u32,
}

/// Name, size, years, clients and capabilities. The heading's link covers the row; the bar only
/// repeats the count and is hidden from assistive technology.
#[component]
pub(crate) fn IndustryRow(props: &IndustryRowProps) -> Html {
    let Industry { slug, name, count, clients, capabilities, from, to } = &props.industry;
    let share = (count * 100).checked_div(props.most).unwrap_or_default();
    let clients: Vec<&str> = clients.iter().map(|client| client.name.as_str()).collect();
    html! {
        <article class="industries-row">
            <svg class="industries-row__bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                <rect width={share.to_string()} height="1" />
            </svg>
            <div class="industries-row__name">
                <h2><Link to={["/industries/", slug].concat()}>{ name }</Link></h2>
                <p class="soft">{ stories(*count) }{ " · " }{ years(from, to.as_deref()) }</p>
            </div>
            <div class="industries-row__about">
                if !clients.is_empty() {
                    <p><span class="visually-hidden">{ "Clients: " }</span>{ clients.join(", ") }</p>
                }
                <ul class="industries-chips" aria-label="Top capabilities">
                    { for capabilities.iter().map(|capability| html! {
                        <li class="chip">{ &capability.name }</li>
                    }) }
                </ul>
            </div>
        </article>
    }
}

#[cfg(test)]
mod tests {
    use super::{IndustryRow, IndustryRowProps};
    use crate::samples::industry;

    async fn render(props: IndustryRowProps) -> String {
        yew::LocalServerRenderer::<IndustryRow>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_row_links_the_industry_and_tells_its_size() {
        let html = render(IndustryRowProps { industry: industry(), most: 22 }).await;
        for part in [
            "<h2><a href=\"/industries/transportation-logistics\">Transportation &amp; Logistics</a></h2>",
            "11 stories · 2011 – 2021",
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
        let html = render(IndustryRowProps { industry, most: 0 }).await;
        assert!(!html.contains("Clients:"), "{html}");
        assert!(html.contains("<rect width=\"0\""), "{html}");
    }
}
