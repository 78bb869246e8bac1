//! `/industries/:slug`: one industry's stories by capability.

use mfe_industries_api::Categories;
use shared_ui::{
    Loadable,
    components::{Icon, IconName, Link, ProblemNote, Skeleton, SkeletonShape},
    hooks::{use_host, use_query, use_title},
};
use yew::prelude::*;

use super::NotFound;
use crate::{
    client,
    components::{CoreGroup, IndustryFacts, SpecialisedGroup},
    wording::stories,
};

/// Props of [`Detail`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct DetailProps {
    /// As in the path.
    pub(crate) slug: AttrValue,
}

/// Fetches an industry and shows it; an unknown one is [`NotFound`].
#[component]
pub(crate) fn Detail(props: &DetailProps) -> Html {
    let query = use_query(props.slug.clone(), client::categories);
    let name = query.data.ready().map(|data| data.industry.name.clone());
    use_title(name.map(AttrValue::from).unwrap_or_default());
    let host = use_host();
    use_effect_with(query.data.ready().map(|data| data.industry.count), move |count| {
        if let Some(count) = *count {
            host.announce(&stories(count));
        }
    });
    let content = match &query.data {
        Loadable::Loading => loading(),
        Loadable::Ready(data) => html! { <IndustryView data={(**data).clone()} /> },
        Loadable::Failed(problem) if problem.status == 404 => return html! { <NotFound /> },
        Loadable::Failed(problem) => html! {
            <ProblemNote what="This industry could not be loaded" problem={problem.clone()}
                on_retry={query.retry.clone()} />
        },
    };
    html! {
        <div class="page" aria-busy={query.fetching.to_string()}>
            <nav class="industries-back" aria-label="Back">
                <Link to="/industries"><Icon name={IconName::ArrowLeft} />{ "All industries" }</Link>
            </nav>
            { content }
        </div>
    }
}

fn loading() -> Html {
    html! {
        <div class="industries-loading">
            <Skeleton shape={SkeletonShape::Title} />
            <Skeleton shape={SkeletonShape::Text} />
            <Skeleton shape={SkeletonShape::Card} count={3} />
        </div>
    }
}

/// Props of [`IndustryView`].
#[derive(Clone, Debug, Properties, PartialEq)]
struct IndustryViewProps {
    data: Categories,
}

/// An industry that is there.
#[component]
fn IndustryView(props: &IndustryViewProps) -> Html {
    let Categories { industry, core, specialised } = &props.data;
    html! {
        <>
            <IndustryFacts industry={industry.clone()} />
            if !core.is_empty() {
                <section class="industries-section" aria-labelledby="core">
                    <h2 id="core">{ "Core work" }</h2>
                    { for core.iter().map(|category| html! { <CoreGroup category={category.clone()} /> }) }
                </section>
            }
            if !specialised.is_empty() {
                <section class="industries-section" aria-labelledby="specialised">
                    <h2 id="specialised">{ if core.is_empty() { "Work" } else { "Specialised work" } }</h2>
                    <div class="industries-specialised">
                        { for specialised.iter().map(|category| html! {
                            <SpecialisedGroup category={category.clone()} />
                        }) }
                    </div>
                </section>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use mfe_industries_api::Categories;

    use super::{IndustryView, IndustryViewProps};
    use crate::samples::{category, industry};

    async fn render(data: Categories) -> String {
        yew::LocalServerRenderer::<IndustryView>::with_props(IndustryViewProps { data })
            .hydratable(false)
            .render()
            .await
    }

    #[tokio::test(flavor = "current_thread")]
    async fn core_work_stands_before_specialised_work() {
        let data = Categories {
            industry: industry(),
            core: vec![category("Cloud Platform")],
            specialised: vec![category("Program Rescue")],
        };
        let html = render(data).await;
        let at = |part: &str| html.find(part).unwrap_or_else(|| panic!("{part} in {html}"));
        assert!(at("<h1>Transportation &amp; Logistics</h1>") < at(">Core work</h2>"));
        assert!(at(">Core work</h2>") < at(">Cloud Platform</h3>"));
        assert!(at(">Cloud Platform</h3>") < at(">Specialised work</h2>"));
        assert!(at(">Specialised work</h2>") < at(">Program Rescue</h3>"));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn without_core_work_nothing_is_called_specialised() {
        let data = Categories {
            industry: industry(),
            core: Vec::new(),
            specialised: vec![category("Program Rescue")],
        };
        let html = render(data).await;
        assert!(html.contains(">Work</h2>"), "{html}");
        assert!(!html.contains("Core work") && !html.contains("Specialised"), "{html}");
    }
}
