//! A path that no route answers.

use std::rc::Rc;

use yew::prelude::*;

use crate::router::NavItem;

/// Properties of [`NotFound`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(crate) struct NotFoundProps {
    /// Where the person may go instead.
    pub(crate) nav: Rc<[NavItem]>,
    /// What was asked for.
    pub(crate) path: AttrValue,
}

/// Says that there is no such page and offers those that there are.
#[component]
pub(crate) fn NotFound(props: &NotFoundProps) -> Html {
    let link = |item: &NavItem| {
        html! {
            <li key={item.href.to_string()}>
                <a class="button" href={item.href.clone()}>{ item.label.clone() }</a>
            </li>
        }
    };
    html! {
        <div class="page missing">
            <p class="eyebrow">{ "Page not found" }</p>
            <h1>{ "There is nothing at this address" }</h1>
            <p class="soft missing__text">
                { "No part of the site answers " }<code>{ props.path.clone() }</code>
                { ". The link may be old, or a letter may be missing. From here you can go to:" }
            </p>
            <ul class="missing__links">{ for props.nav.iter().map(link) }</ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{NotFound, NotFoundProps};
    use crate::components::markup;
    use crate::router::NavItem;

    #[tokio::test]
    async fn the_page_names_the_path_and_leads_on() {
        let html = markup::of::<NotFound>(NotFoundProps {
            nav: [NavItem { label: "Ask".into(), href: "/ask".into() }].into(),
            path: "/<nowhere>".into(),
        })
        .await;
        assert!(html.contains("<code>/&lt;nowhere&gt;</code>"), "{html}");
        assert!(html.contains(r#"<a href="/ask" class="button">Ask</a>"#), "{html}");
    }
}
