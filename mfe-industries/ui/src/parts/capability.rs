//! A capability's stories in an industry.

use mfe_industries_api::{Category, StoryLink};
use shared_ui::{kit::Host, period};
use yew::prelude::*;

use super::{link, search};
use crate::{page::Page, wording::stories};

/// Draws the capability beside its stories. Its name leads to its page, its count into search.
pub(crate) fn group(host: &Host, slug: &str, industry: &str, category: &Category) -> Html {
    let Category { slug: own, name, count, stories: list } = category;
    let page = Page::Capability(slug.to_owned().into(), own.clone().into()).path();
    let in_search = html! {
        <>{ stories(*count) }<span class="visually-hidden">{ " of " }{ name }{ " in search" }</span></>
    };
    html! {
        <section class="industries-group">
            <div class="industries-group__head">
                <h3>{ link(host, &page, html! { name }) }</h3>
                { link(host, &search(industry, name, ""), in_search) }
            </div>
            { story_list(host, list) }
        </section>
    }
}

/// Draws stories, each with title, circumstances and headline metric.
pub(crate) fn story_list(host: &Host, stories: &[StoryLink]) -> Html {
    html! { <ul class="industries-stories">{ for stories.iter().map(|one| story(host, one)) }</ul> }
}

fn story(host: &Host, story: &StoryLink) -> Html {
    let StoryLink { id, title, client, role, start, end, headline } = story;
    html! {
        <li class="industries-story">
            <div>
                { link(host, &["/story/", id].concat(), html! { title }) }
                <p class="soft">{ client }{ " · " }{ role }{ " · " }<span class="industries-when">{ period(start, end.as_deref()) }</span></p>
            </div>
            if let Some(headline) = headline {
                <p class="industries-story__headline">{ headline }</p>
            }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use shared_ui::kit::Host;

    use super::group;
    use crate::samples::{category, render};

    #[tokio::test(flavor = "current_thread")]
    async fn a_story_tells_for_whom_as_what_when_and_to_what_effect() {
        let html =
            render(group(&Host::fixed("/"), "retail", "Retail", &category("Cloud & Platform")))
                .await;
        for part in [
            "<h3><a href=\"/industries/retail/cloud-platform\">Cloud &amp; Platform</a></h3>",
            "href=\"/?industry=Retail&amp;capability=Cloud+%26+Platform\">1 story<span",
            "href=\"/story/berths-by-noon\">Berths by Noon</a>",
            "Tidewater Ports · Delivery Director · <span class=\"industries-when\">Mar 2017 – Oct 2018<",
            "19 months from kickoff to switch-off",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_story_without_a_metric_has_no_empty_headline() {
        let mut category = category("Cloud Platform");
        category.stories[0].headline = None;
        let html = render(group(&Host::fixed("/"), "retail", "Retail", &category)).await;
        assert!(!html.contains("industries-story__headline"), "{html}");
    }
}
