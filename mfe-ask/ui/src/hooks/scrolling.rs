//! Bringing things into view, from effects and callbacks only.

use wasm_bindgen::JsCast;
use web_sys::{
    Element, FocusOptions, HtmlElement, ScrollBehavior, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

/// What is further away than this many pixels is jumped to: on the way there, all of a long conversation would
/// be laid out.
const FAR: f64 = 3000.0;

/// Scrolls as little as shows the element; one taller than the window is shown from its top.
pub(crate) fn show(element: &Element) {
    let calm = web_sys::window()
        .and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok()?)
        .is_some_and(|query| query.matches());
    let calm = calm || element.get_bounding_client_rect().top().abs() > FAR;
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_behavior(if calm { ScrollBehavior::Auto } else { ScrollBehavior::Smooth });
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Focuses without the jump that focusing makes.
pub(crate) fn focus_quietly(element: &Element) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        element.focus_with_options(&options).ok();
    }
}
