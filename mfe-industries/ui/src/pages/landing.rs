//! `/industries/:slug` and `/industries/:slug/:capability`: an industry, or one capability in it.

use mfe_industries_api::{Categories, Category, Industry, NamedCount};
use shared_ui::kit::Host;
use yew::prelude::*;

use crate::{
    page::Page,
    parts::{group, link, search, story_list, timeline},
    wording::{stories, years},
};

/// Returns the capability that the page is narrowed to.
fn capability<'a>(page: &Page, data: &'a Categories) -> Option<&'a Category> {
    match page {
        Page::Capability(..) => data.core.first().or(data.specialised.first()),
        Page::Index | Page::Industry(_) | Page::NotFound => None,
    }
}

/// Returns the page's title: `Retail`, `Data & Analytics in Retail`.
pub(crate) fn title(page: &Page, data: &Categories) -> String {
    let name = data.industry.name.as_str();
    match capability(page, data) {
        Some(capability) => [capability.name.as_str(), " in ", name].concat(),
        None => name.to_owned(),
    }
}

/// Draws the way to the page above.
pub(crate) fn back(host: &Host, page: &Page) -> Html {
    let to = page.above().map(|page| page.path()).unwrap_or_default();
    let name =
        if matches!(page, Page::Capability(..)) { "Whole industry" } else { "All industries" };
    html! {
        <nav class="industries-back" aria-label="Back">
            { link(host, &to, html! { name }) }
        </nav>
    }
}

/// Draws headline counts, clients, timeline and stories; every number leads to the search that has as many.
pub(crate) fn landing(host: &Host, page: &Page, data: &Categories) -> Html {
    let Categories { industry, core, specialised, timeline: times } = data;
    let only = capability(page, data);
    let narrowing = only.map(|category| category.name.as_str()).unwrap_or_default();
    let groups = |title: &'static str, groups: &[Category]| {
        if groups.is_empty() {
            return Html::default();
        }
        let drawn = groups.iter().map(|one| group(host, &industry.slug, &industry.name, one));
        section(title, html! { <div class="industries-groups">{ for drawn }</div> })
    };
    let work = match only {
        Some(category) => section("Stories", story_list(host, &category.stories)),
        None => html! {
            <>
                { groups("Core capabilities", core) }
                { groups(if core.is_empty() { "Capabilities" } else { "Specialised capabilities" }, specialised) }
            </>
        },
    };
    html! {
        <>
            { head(host, industry, narrowing) }
            <section class="industries-section">
                <h2 id="timeline">{ "Timeline" }</h2>
                <p class="soft">{ "A bar for each story, a line for each client. A bar opens its story, a client the search." }</p>
                { timeline(host, &industry.name, narrowing, times) }
            </section>
            { work }
        </>
    }
}

fn section(title: &'static str, content: Html) -> Html {
    html! { <section class="industries-section"><h2>{ title }</h2>{ content }</section> }
}

fn head(host: &Host, industry: &Industry, capability: &str) -> Html {
    let Industry { name, count, clients, capability_count, from, to, .. } = industry;
    let fact = |term: &'static str, value: String| html! { <div><dt>{ term }</dt><dd>{ value }</dd></div> };
    let chip = |NamedCount { name: client, count }: &NamedCount| {
        let to = host.href(&search(name, capability, client));
        html! {
            <li>
                <a class="chip industries-chip" href={to}>
                    { client }
                    <span class="industries-number">{ count }<span class="visually-hidden">{ " in search" }</span></span>
                </a>
            </li>
        }
    };
    let see = match count {
        1 => "See it in search".to_owned(),
        _ => ["See all ", &stories(*count), " in search"].concat(),
    };
    html! {
        <header class="industries-head">
            if capability.is_empty() {
                <h1>{ name }</h1>
            } else {
                <p class="eyebrow">{ name }</p>
                <h1>{ capability }</h1>
            }
            <dl class="industries-facts">
                { fact("Stories", count.to_string()) }
                { fact("Named clients", clients.len().to_string()) }
                if capability.is_empty() {
                    { fact("Capabilities", capability_count.to_string()) }
                }
                { fact("Years", years(from, to.as_deref())) }
            </dl>
            if !clients.is_empty() {
                <ul class="industries-chips" aria-label="Named clients">{ for clients.iter().map(chip) }</ul>
            }
            <a class="button industries-see" href={host.href(&search(name, capability, ""))}>{ see }</a>
        </header>
    }
}

#[cfg(test)]
mod tests {
    use shared_ui::kit::Host;

    use super::landing;
    use crate::{
        page::Page,
        samples::{categories, render},
    };

    fn industry() -> Page {
        Page::Industry("transportation-and-logistics".into())
    }

    fn capability() -> Page {
        Page::Capability("transportation-and-logistics".into(), "cloud-platform".into())
    }

    fn in_order(html: &str, parts: &[&str]) {
        let mut from = 0;
        for part in parts {
            let at = html[from..].find(part);
            from += at.unwrap_or_else(|| panic!("{part} after {from} in {html}"));
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn every_number_leads_to_its_search() {
        let html = render(landing(&Host::fixed("/"), &industry(), &categories())).await;
        in_order(
            &html,
            &[
                "<h1>Transportation &amp; Logistics</h1>",
                "<dt>Stories</dt><dd>11</dd>",
                "<dt>Named clients</dt><dd>2</dd>",
                "<dt>Capabilities</dt><dd>2</dd>",
                "<dt>Years</dt><dd>2011 – 2021</dd>",
                "href=\"/?industry=Transportation+%26+Logistics&amp;client=Great+Lakes+Freight\" class=\"chip industries-chip\">Great Lakes Freight<span class=\"industries-number\">6<",
                "href=\"/?industry=Transportation+%26+Logistics\" class=\"button industries-see\">See all 11 stories in search",
                "<h2 id=\"timeline\">Timeline</h2>",
                "<h2>Core capabilities</h2>",
                ">Cloud Platform</a></h3>",
                "<h2>Specialised capabilities</h2>",
                ">Program Rescue</a></h3>",
            ],
        );
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_capability_keeps_its_industry_in_every_link() {
        let mut data = categories();
        data.specialised.clear();
        let html = render(landing(&Host::fixed("/"), &capability(), &data)).await;
        let both = "/?industry=Transportation+%26+Logistics&amp;capability=Cloud+Platform";
        in_order(
            &html,
            &[
                "Transportation &amp; Logistics</p><h1>Cloud Platform</h1>",
                "<dt>Years</dt>",
                &format!("href=\"{both}&amp;client=Great+Lakes+Freight\""),
                &format!(
                    "href=\"{both}\" class=\"button industries-see\">See all 11 stories in search"
                ),
                &format!("href=\"{both}&amp;client=Tidewater+Ports\""),
                "<h2>Stories</h2>",
                "Berths by Noon",
            ],
        );
        assert!(!html.contains("Capabilities") && !html.contains("capabilities"), "{html}");
    }

    #[tokio::test(flavor = "current_thread")]
    async fn without_core_work_nothing_is_called_specialised() {
        let mut data = categories();
        data.core.clear();
        let html = render(landing(&Host::fixed("/"), &industry(), &data)).await;
        assert!(html.contains("<h2>Capabilities</h2>"), "{html}");
        assert!(!html.contains("Core") && !html.contains("Specialised"), "{html}");
    }
}
