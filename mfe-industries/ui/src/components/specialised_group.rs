//! A capability with one or two stories in an industry.

use mfe_industries_api::{Category, StoryLink};
use shared_ui::{components::Link, period};
use yew::prelude::*;

/// Props of [`SpecialisedGroup`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct SpecialisedGroupProps {
    /// What it shows.
    pub(crate) category: Category,
}

/// The capability over its stories: titles, clients and times only.
#[component]
pub(crate) fn SpecialisedGroup(props: &SpecialisedGroupProps) -> Html {
    let Category { name, count: _, stories } = &props.category;
    html! {
        <section class="industries-small">
            <h3>{ name }</h3>
            <ul>{ for stories.iter().map(story) }</ul>
        </section>
    }
}

fn story(link: &StoryLink) -> Html {
    let StoryLink { id, title, client, role: _, start, end, headline: _ } = link;
    html! {
        <li key={id.as_str()}>
            <Link to={["/story/", id].concat()}>{ title }</Link>
            <p class="soft">{ client }{ " · " }<span class="industries-when">{ period(start, end.as_deref()) }</span></p>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::{SpecialisedGroup, SpecialisedGroupProps};
    use crate::samples::category;

    #[tokio::test(flavor = "current_thread")]
    async fn a_small_group_is_denser_than_a_core_one() {
        let props = SpecialisedGroupProps { category: category("Program Rescue") };
        let html = yew::LocalServerRenderer::<SpecialisedGroup>::with_props(props)
            .hydratable(false)
            .render()
            .await;
        assert!(html.contains("<a href=\"/story/berths-by-noon\">Berths by Noon</a>"), "{html}");
        assert!(
            html.contains("Tidewater Ports · <span class=\"industries-when\">Mar 2017 – Oct 2018<"),
            "{html}"
        );
        assert!(!html.contains("Delivery Director") && !html.contains("19 months"), "{html}");
    }
}
