//! Coming back from a story to the results that it was opened from.

use std::time::Duration;

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, Storage};
use yew::{
    platform::{spawn_local, time::sleep},
    prelude::*,
};

/// Where this tab keeps the result that was opened last: the page's path, a space, the story's id.
const KEY: &str = "search.opened";
/// Pauses between two looks for the result, and how many looks there are.
const LOOK: Duration = Duration::from_millis(100);
const LOOKS: u32 = 40;

/// Remembers that a result of the page at `path` was opened.
pub(crate) fn remember(path: &str, id: &str) {
    if let Some(storage) = storage() {
        storage.set_item(KEY, &[path, " ", id].concat()).ok();
    }
}

/// When this page was left by opening a result, focuses that result as soon as it is there, unless the
/// person has gone on by then. The landing page does not move: it may as well be begun anew.
#[hook]
pub(crate) fn use_return(path: String, results: &NodeRef) {
    let results = results.clone();
    use_effect_with((), move |()| {
        let id = storage().and_then(|storage| {
            let kept = storage.get_item(KEY).ok()??;
            storage.remove_item(KEY).ok();
            kept.strip_prefix(&path)?.strip_prefix(' ').map(str::to_owned)
        });
        if let Some(id) = id {
            spawn_local(async move {
                for _ in 0..LOOKS {
                    if results.cast::<Element>().is_some_and(|root| settle(&root, &id, path != "/"))
                    {
                        return;
                    }
                    sleep(LOOK).await;
                }
            });
        }
    });
}

/// Tells whether nothing is left to do.
fn settle(root: &Element, id: &str, scroll: bool) -> bool {
    let page = root.parent_element();
    if page.is_some_and(|page| matches!(page.query_selector(":focus"), Ok(Some(_)))) {
        return true;
    }
    let Some(link) = result(root, id) else { return false };
    let options = FocusOptions::new();
    options.set_prevent_scroll(!scroll);
    link.focus_with_options(&options).ok();
    true
}

/// Returns the link of a result.
fn result(root: &Element, id: &str) -> Option<HtmlElement> {
    let links = root.query_selector_all("[data-result]").ok()?;
    let mut links =
        (0..links.length()).filter_map(|index| links.get(index)?.dyn_into::<HtmlElement>().ok());
    links.find(|link| link.get_attribute("data-story").as_deref() == Some(id))
}

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
