//! For tests of markup: a part of a page as text.

use yew::prelude::*;

#[derive(Clone, Properties, PartialEq)]
struct ShownProps {
    html: Html,
}

#[component]
fn Shown(props: &ShownProps) -> Html {
    props.html.clone()
}

/// Renders markup as a server would send it.
pub async fn render(html: Html) -> String {
    yew::LocalServerRenderer::<Shown>::with_props(ShownProps { html })
        .hydratable(false)
        .render()
        .await
}
