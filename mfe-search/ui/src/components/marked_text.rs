//! Text with its matching words marked.

use yew::prelude::*;

use crate::marked::runs;

/// Props of [`MarkedText`].
#[derive(Clone, Debug, Properties, PartialEq)]
pub(crate) struct MarkedTextProps {
    /// A snippet of the service.
    pub(crate) html: AttrValue,
}

/// Nodes made from a snippet; nothing in it is taken as markup but `<mark>`.
#[component]
pub(crate) fn MarkedText(props: &MarkedTextProps) -> Html {
    let node = |text: String, marked| {
        if marked {
            html! { <mark>{ text }</mark> }
        } else {
            html! { text }
        }
    };
    runs(&props.html).into_iter().map(|run| node(run.text, run.marked)).collect()
}
