//! The head of an industry's page.

use mfe_industries_api::Industry;
use shared_ui::{
    components::{Icon, IconName, Link},
    with_query,
};
use yew::prelude::*;

use crate::wording::{stories, years};

/// Props of [`IndustryFacts`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct IndustryFactsProps {
    /// What it shows.
    pub(crate) industry: Industry,
}

/// The heading, the facts as a description list, and the way into search.
#[component]
pub(crate) fn IndustryFacts(props: &IndustryFactsProps) -> Html {
    let Industry { slug: _, name, count, clients, capabilities: _, from, to } = &props.industry;
    let in_search = with_query("/", &[("industry", name)]);
    html! {
        <header class="industries-head">
            <h1>{ name }</h1>
            <dl class="industries-facts">
                <div><dt>{ "Stories" }</dt><dd>{ *count }</dd></div>
                <div><dt>{ "Years" }</dt><dd>{ years(from, to.as_deref()) }</dd></div>
                if !clients.is_empty() {
                    <div>
                        <dt>{ "Clients" }</dt>
                        <dd>
                            <ul class="industries-chips">
                                { for clients.iter().map(|client| chip(name, &client.name, client.count)) }
                            </ul>
                        </dd>
                    </div>
                }
            </dl>
            <Link class="button" to={in_search}>
                { match count {
                    1 => html! { "See it in search" },
                    _ => html! { <>{ "See all " }{ stories(*count) }{ " in search" }</> },
                } }
                <Icon name={IconName::ArrowRight} />
            </Link>
        </header>
    }
}

fn chip(industry: &str, client: &str, count: u32) -> Html {
    let to = with_query("/", &[("client", client), ("industry", industry)]);
    html! {
        <li>
            <Link class="chip industries-chip" {to}>
                { client }<span class="industries-chip__count">{ count }<span class="visually-hidden">{ " stories" }</span></span>
            </Link>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::{IndustryFacts, IndustryFactsProps};
    use crate::samples::industry;

    #[tokio::test(flavor = "current_thread")]
    async fn clients_and_the_whole_industry_lead_into_search() {
        let props = IndustryFactsProps { industry: industry() };
        let html = yew::LocalServerRenderer::<IndustryFacts>::with_props(props)
            .hydratable(false)
            .render()
            .await;
        for part in [
            "<h1>Transportation &amp; Logistics</h1>",
            "<dd>2011 – 2021</dd>",
            "href=\"/?client=Tidewater+Ports&amp;industry=Transportation+%26+Logistics\"",
            "href=\"/?industry=Transportation+%26+Logistics\"",
            "See all 11 stories in search",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }
}
