//! Text with its matching words marked.

use yew::prelude::*;

use crate::marked::runs;

/// Nodes made from a snippet of the service; nothing in it is taken as markup but `<mark>`.
pub(super) fn marked_text(html: &str) -> Html {
    let node = |text: String, marked| {
        if marked {
            html! { <mark>{ text }</mark> }
        } else {
            html! { text }
        }
    };
    runs(html).into_iter().map(|run| node(run.text, run.marked)).collect()
}
