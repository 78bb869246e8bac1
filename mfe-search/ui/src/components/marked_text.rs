//! Text with its matching words marked.

use yew::prelude::*;

use crate::{
    marked::runs,
    tag::{tag, words},
};

/// Nodes made from a snippet of the service; nothing in it is taken as markup but `<mark>`.
pub(super) fn marked_text(html: &str) -> Html {
    let node = |text: &str, marked| {
        if marked { tag("mark", "").text(text).end() } else { words(text) }
    };
    runs(html).iter().map(|run| node(&run.text, run.marked)).collect()
}
