//! A path that no route answers.

use yew::prelude::*;

use crate::router::NavItem;

/// Says that there is no page at `path` and offers those that there are.
pub(crate) fn not_found(nav: &[NavItem], path: &AttrValue) -> Html {
    let link = |item: &NavItem| {
        html! {
            <li key={item.href.to_string()}>
                <a class="button" href={item.href.clone()}>{ item.label.clone() }</a>
            </li>
        }
    };
    html! {
        <div key="missing" class="page missing">
            <p class="eyebrow">{ "Page not found" }</p>
            <h1>{ "There is nothing at this address" }</h1>
            <p class="soft missing__text">
                { "No part of the site answers " }<code>{ path.clone() }</code>
                { ". The link may be old, or a letter may be missing. From here you can go to:" }
            </p>
            <ul class="missing__links">{ for nav.iter().map(link) }</ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::not_found;
    use crate::components::markup;
    use crate::router::NavItem;

    #[tokio::test]
    async fn the_page_names_the_path_and_leads_on() {
        let nav = [NavItem { label: "Ask".into(), href: "/ask".into() }];
        let html = markup::of(not_found(&nav, &"/<nowhere>".into())).await;
        assert!(html.contains("<code>/&lt;nowhere&gt;</code>"), "{html}");
        assert!(html.contains(r#"<a href="/ask" class="button">Ask</a>"#), "{html}");
    }
}
