//! One page, from its skeleton to its content.

use shared_ui::{
    Loadable,
    components::ProblemNote,
    hooks::{use_host, use_title},
    kit::Host,
};
use yew::prelude::*;

use crate::{
    data::{Data, use_data},
    page::Page,
    pages,
    parts::link,
    wording::{counted, stories},
};

/// Props of [`Screen`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct ScreenProps {
    /// Which page.
    pub(crate) page: Page,
}

/// Fetches what the page shows, tells its title and its size to the host, and shows it.
///
/// What the service does not know is [`Page::NotFound`]. The region is `aria-busy` while it loads; a
/// failure is an alert with a button to try again.
#[component]
pub(crate) fn Screen(props: &ScreenProps) -> Html {
    let page = &props.page;
    let query = use_data(page);
    let data = query.data.ready();
    use_title(title(page, data.map(|data| &**data)));
    let host = use_host();
    let teller = host.clone();
    use_effect_with(data.map(|data| news(data)).unwrap_or_default(), move |news| {
        if !news.is_empty() {
            teller.announce(news);
        }
    });
    let content = match &query.data {
        Loadable::Loading => Html::from_html_unchecked(SKELETON.into()),
        Loadable::Ready(data) => match &**data {
            Data::All(all) => pages::index(&host, all),
            Data::One(one) => pages::landing(&host, page, one),
        },
        Loadable::Failed(problem) if problem.status == 404 => {
            return html! { <Screen page={Page::NotFound} /> };
        }
        Loadable::Failed(problem) => html! {
            <ProblemNote what={failure(page)} problem={problem.clone()} on_retry={query.retry.clone()} />
        },
    };
    html! {
        <div class="page">
            { head(&host, page, data.is_some()) }
            <div aria-busy={query.fetching.to_string()}>{ content }</div>
        </div>
    }
}

/// Draws what stands above the data, whether it is there or not: never a page without a heading.
fn head(host: &Host, page: &Page, is_there: bool) -> Html {
    let (title, about) = match page {
        Page::Index => (
            "Industries",
            "Where the work was done, for whom, and what it took: each industry opens on its stories.",
        ),
        Page::NotFound => (
            "There is no such page",
            "The address may be misspelt, or its stories were moved. These are all the industries:",
        ),
        Page::Industry(_) | Page::Capability(..) => {
            return html! {
                <>
                    { pages::back(host, page) }
                    if !is_there {
                        <h1 class="visually-hidden">{ "Industry" }</h1>
                    }
                </>
            };
        }
    };
    html! {
        <header class="industries-head">
            <h1>{ title }</h1>
            <p class="soft">{ about }</p>
            if *page == Page::NotFound {
                { link(host, "/", html! { "Or search all the work" }) }
            }
        </header>
    }
}

/// The shape of what is coming, hidden from assistive technology: the region is `aria-busy`. As text, which
/// is the smallest form of what never changes.
const SKELETON: &str = "<div class='industries-loading' aria-hidden='true'>\
    <div class='skeleton skeleton--title'></div><div class='skeleton skeleton--text'></div>\
    <div class='skeleton skeleton--card'></div><div class='skeleton skeleton--card'></div></div>";

fn failure(page: &Page) -> &'static str {
    match page {
        Page::Index | Page::NotFound => "The industries could not be loaded",
        Page::Industry(_) => "This industry could not be loaded",
        Page::Capability(..) => "This capability could not be loaded",
    }
}

/// Returns the page's title; empty while it is not known.
fn title(page: &Page, data: Option<&Data>) -> AttrValue {
    match (page, data) {
        (Page::Index, _) => "Industries".into(),
        (Page::NotFound, _) => "No such page".into(),
        (_, Some(Data::One(one))) => pages::title(page, one).into(),
        (_, None | Some(Data::All(_))) => AttrValue::default(),
    }
}

/// Returns what is read out when the data is there.
fn news(data: &Data) -> String {
    match data {
        Data::All(all) => {
            let count = u32::try_from(all.industries.len()).unwrap_or(u32::MAX);
            counted(count, " industry", " industries")
        }
        Data::One(one) => stories(one.industry.count),
    }
}

#[cfg(test)]
mod tests {
    use mfe_industries_api::Industries;

    use super::{Screen, ScreenProps, news, title};
    use crate::{
        data::Data,
        page::Page,
        samples::{categories, industry},
    };

    #[tokio::test(flavor = "current_thread")]
    async fn an_unknown_address_has_a_heading_and_ways_on() {
        let html =
            yew::LocalServerRenderer::<Screen>::with_props(ScreenProps { page: Page::NotFound })
                .hydratable(false)
                .render()
                .await;
        for part in ["<h1>There is no such page</h1>", "href=\"/\"", "aria-busy=\"true\""] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_page_has_a_heading_before_it_has_data() {
        let page = Page::Industry("retail".into());
        let html = yew::LocalServerRenderer::<Screen>::with_props(ScreenProps { page })
            .hydratable(false)
            .render()
            .await;
        assert_eq!(html.matches("<h1").count(), 1, "{html}");
    }

    #[test]
    fn titles_name_the_industry_and_the_capability() {
        let (slug, capability) = ("transportation-and-logistics", "cloud-platform");
        let one = Data::One(Box::new(categories()));
        let all = Data::All(Industries { industries: vec![industry()], total: 11 });
        assert_eq!(title(&Page::Index, None), "Industries");
        assert_eq!(title(&Page::NotFound, Some(&all)), "No such page");
        assert_eq!(title(&Page::Industry(slug.into()), None), "");
        assert_eq!(title(&Page::Industry(slug.into()), Some(&one)), "Transportation & Logistics");
        let page = Page::Capability(slug.into(), capability.into());
        assert_eq!(title(&page, Some(&one)), "Cloud Platform in Transportation & Logistics");
    }

    #[test]
    fn sizes_are_read_out() {
        assert_eq!(news(&Data::One(Box::new(categories()))), "11 stories");
        assert_eq!(
            news(&Data::All(Industries { industries: vec![industry()], total: 11 })),
            "1 industry"
        );
    }
}
