//! Keeping the newest turn in view while it grows.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Window};
use yew::prelude::*;

use super::{focus_quietly, show};

/// Scrolling up by more than this many pixels ends the following; the last so many of the page resume it.
const NUDGE: f64 = 4.0;
const END: f64 = 80.0;

/// Shows the last child of `list` whenever a new `run` begins, and again as it reaches each `size`,
/// unless the reader has scrolled up. A run that began with a button that is gone takes the focus to the
/// child's heading.
#[hook]
pub(crate) fn use_follow(list: NodeRef, run: Option<u32>, size: usize) {
    let following = use_mut_ref(|| true);
    {
        let following = following.clone();
        use_effect_with((), move |()| {
            let mut before = web_sys::window().map_or(0.0, |window| scroll(&window));
            let on_scroll = Closure::<dyn FnMut()>::new(move || {
                let Some(window) = web_sys::window() else { return };
                let now = scroll(&window);
                if at_end(&window) {
                    *following.borrow_mut() = true;
                } else if now < before - NUDGE {
                    *following.borrow_mut() = false;
                }
                before = now;
            });
            if let Some(window) = web_sys::window() {
                let listener = on_scroll.as_ref().unchecked_ref();
                window.add_event_listener_with_callback("scroll", listener).ok();
            }
            move || {
                if let Some(window) = web_sys::window() {
                    let listener = on_scroll.as_ref().unchecked_ref();
                    window.remove_event_listener_with_callback("scroll", listener).ok();
                }
            }
        });
    }
    {
        let (following, list) = (following.clone(), list.clone());
        use_effect_with(run, move |run| {
            *following.borrow_mut() = true;
            if run.is_some()
                && focus_is_lost()
                && let Some(turn) = newest(&list)
                && let Ok(Some(heading)) = turn.query_selector("h2")
            {
                focus_quietly(&heading);
            }
        });
    }
    use_effect_with((run, size), move |(run, _)| {
        if run.is_some()
            && *following.borrow()
            && let Some(turn) = newest(&list)
        {
            show(&turn);
        }
    });
}

fn newest(list: &NodeRef) -> Option<Element> {
    list.cast::<Element>()?.last_element_child()
}

fn scroll(window: &Window) -> f64 {
    window.scroll_y().unwrap_or_default()
}

fn at_end(window: &Window) -> bool {
    let height = window.inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
    let page = window.document().and_then(|document| document.document_element());
    page.is_none_or(|page| scroll(window) + height >= f64::from(page.scroll_height()) - END)
}

/// Tells whether the focused element has left the page: focus then falls to the body.
fn focus_is_lost() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| {
        document.active_element().is_none_or(|element| element.tag_name() == "BODY")
    })
}
