//! Keys below the search box: arrows walk from result to result, Escape closes an open menu or detail, and a
//! result that is followed is remembered. Enter needs nothing: each result is a link.
//!
//! One listener around everything: one on each part would cost each part its closure.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::{hooks::remember, ui::Ui};

/// Handles a key pressed below `results`.
pub(crate) fn on_key(ui: &Ui, results: &NodeRef) -> Callback<KeyboardEvent> {
    let (ui, results) = (ui.clone(), results.clone());
    Callback::from(move |event: KeyboardEvent| {
        let Some(root) = results.cast::<Element>() else { return };
        let Some(target) = event.target_dyn_into::<Element>() else { return };
        let step = match event.key().as_str() {
            "ArrowDown" | "ArrowRight" => 1,
            "ArrowUp" | "ArrowLeft" => -1,
            "Escape" => {
                if let Ok(Some(menu)) = target.closest("details[open]") {
                    // The sheet around it stays.
                    event.prevent_default();
                    focus(menu.first_element_child());
                    menu.remove_attribute("open").ok();
                } else if let Some(open) = &ui.state.open {
                    // What has the focus may go with the detail.
                    focus(root.query_selector(".search-card.is-open a").ok().flatten());
                    ui.go.emit(ui.state.opened(open));
                }
                return;
            }
            _ => return,
        };
        // Only from one result to the next: elsewhere arrows scroll, or choose.
        if target.has_attribute("data-result") && walk(&root, step) {
            event.prevent_default();
        }
    })
}

/// Focuses the first result below `results`, if there is one.
pub(crate) fn enter(results: &NodeRef) {
    if let Some(root) = results.cast::<Element>() {
        walk(&root, 1);
    }
}

/// Focuses the result `step` further than the one with the focus; the first one when none has it.
fn walk(root: &Element, step: i32) -> bool {
    let Ok(links) = root.query_selector_all("[data-result]") else { return false };
    let link = |index: i32| {
        let node = links.get(u32::try_from(index).ok()?)?;
        node.dyn_into::<HtmlElement>().ok()
    };
    let count = i32::try_from(links.length()).unwrap_or(i32::MAX);
    let now = (0..count)
        .find(|index| link(*index).is_some_and(|link| link.matches(":focus") == Ok(true)));
    let next = now.map_or(0, |now| now + step);
    link(next).is_some_and(|link| link.focus().is_ok())
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.focus().ok();
    }
}

/// Remembers the result that a click follows.
pub(crate) fn on_follow(ui: &Ui) -> Callback<MouseEvent> {
    let state = ui.state.clone();
    Callback::from(move |event: MouseEvent| {
        let target = event.target_dyn_into::<Element>();
        let link = target.and_then(|target| target.closest("[data-story]").ok().flatten());
        if let Some(id) = link.and_then(|link| link.get_attribute("data-story")) {
            remember(&state.to_path(), &id);
        }
    })
}
