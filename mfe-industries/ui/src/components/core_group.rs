//! A capability with many stories in an industry.

use mfe_industries_api::{Category, StoryLink};
use shared_ui::{components::Link, period};
use yew::prelude::*;

use crate::wording::stories;

/// Props of [`CoreGroup`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct CoreGroupProps {
    /// What it shows.
    pub(crate) category: Category,
}

/// The capability beside its stories, each with title, circumstances and headline metric.
#[component]
pub(crate) fn CoreGroup(props: &CoreGroupProps) -> Html {
    let Category { name, count, stories: list } = &props.category;
    html! {
        <section class="industries-core">
            <div class="industries-core__head">
                <h3>{ name }</h3>
                <p class="soft">{ stories(*count) }</p>
            </div>
            <ul>{ for list.iter().map(story) }</ul>
        </section>
    }
}

fn story(link: &StoryLink) -> Html {
    let StoryLink { id, title, client, role, start, end, headline } = link;
    html! {
        <li class="industries-story" key={id.as_str()}>
            <div>
                <h4><Link to={["/story/", id].concat()}>{ title }</Link></h4>
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
    use super::{CoreGroup, CoreGroupProps};
    use crate::samples::category;

    async fn render(props: CoreGroupProps) -> String {
        yew::LocalServerRenderer::<CoreGroup>::with_props(props).hydratable(false).render().await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_story_tells_for_whom_as_what_when_and_to_what_effect() {
        let html = render(CoreGroupProps { category: category("Cloud Platform") }).await;
        for part in [
            "<h3>Cloud Platform</h3><p class=\"soft\">1 story</p>",
            "<h4><a href=\"/story/berths-by-noon\">Berths by Noon</a></h4>",
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
        let html = render(CoreGroupProps { category }).await;
        assert!(!html.contains("industries-story__headline"), "{html}");
    }
}
