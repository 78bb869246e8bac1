//! `/industries`: all of them.

use mfe_industries_api::Industries;
use shared_ui::{
    Loadable,
    components::{ProblemNote, Skeleton, SkeletonShape},
    hooks::{use_host, use_query, use_title},
};
use yew::prelude::*;

use crate::{client, components::IndustryRow, wording::counted};

/// The index: one row an industry, most stories first.
#[component]
pub(crate) fn Index() -> Html {
    use_title("Industries".into());
    let query = use_query((), |host, (), signal| client::industries(host, signal));
    let host = use_host();
    use_effect_with(query.data.ready().map(|data| data.industries.len()), move |count| {
        if let Some(count) = count.and_then(|count| u32::try_from(count).ok()) {
            host.announce(&counted(count, " industry", " industries"));
        }
    });
    html! {
        <div class="page">
            <header class="industries-head">
                <h1>{ "Industries" }</h1>
                <p class="soft">
                    { "Where the work was done, for whom, and what it took: each industry opens on its stories." }
                </p>
            </header>
            <div aria-busy={query.fetching.to_string()}>
                { match &query.data {
                    Loadable::Loading => loading(),
                    Loadable::Ready(data) => rows(data),
                    Loadable::Failed(problem) => html! {
                        <ProblemNote what="The industries could not be loaded" problem={problem.clone()}
                            on_retry={query.retry.clone()} />
                    },
                } }
            </div>
        </div>
    }
}

fn loading() -> Html {
    let row = || html! { <div class="industries-row-to-come"><Skeleton shape={SkeletonShape::Title} /></div> };
    (0..8).map(|_| row()).collect()
}

fn rows(data: &Industries) -> Html {
    if data.industries.is_empty() {
        return html! { <p>{ "There are no stories yet. Once some are imported, their industries appear here." }</p> };
    }
    let most = data.industries.iter().map(|industry| industry.count).max().unwrap_or_default();
    html! {
        <ul class="industries-list">
            { for data.industries.iter().map(|industry| html! {
                <li key={industry.slug.as_str()}><IndustryRow industry={industry.clone()} {most} /></li>
            }) }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use mfe_industries_api::Industries;

    use super::rows;

    #[test]
    fn no_industries_are_told_in_words() {
        let shown = rows(&Industries { industries: Vec::new(), total: 0 });
        assert!(matches!(shown, yew::Html::VTag(tag) if tag.tag() == "p"));
    }
}
