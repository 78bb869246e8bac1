//! Keeping the newest turn in view while it grows.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, WheelEvent, Window};
use yew::prelude::*;

use super::{focus_quietly, show};

/// Scrolling up by more than this many pixels ends the following.
const NUDGE: f64 = 4.0;
/// What tells that the reader scrolls. Positions alone do not: while text comes in, each piece scrolls
/// down again before the reader's own scrolling shows.
const SIGNS: [&str; 3] = ["wheel", "touchmove", "scroll"];

/// Shows the last child of `list` whenever a new `run` begins, and again as it reaches each `size`,
/// until the reader scrolls up. A run that began with a button that is gone takes the focus to the
/// child's heading.
#[hook]
pub(crate) fn use_follow(list: NodeRef, run: Option<u32>, size: usize) {
    let following = use_mut_ref(|| true);
    {
        let following = following.clone();
        use_effect_with((), move |()| {
            let mut before = web_sys::window().map(|window| place(&window)).unwrap_or_default();
            let on_sign = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
                let Some(window) = web_sys::window() else { return };
                let now = place(&window);
                // A page that became shorter moves up by itself.
                let moved_up = now.top < before.top - NUDGE && now.height >= before.height;
                let leads = moved_up || is_upward(&event);
                if leads && following.replace(false) {
                    // A smooth scroll that is under way goes on over the reader's unless it is ended.
                    window.scroll_to_with_x_and_y(window.scroll_x().unwrap_or_default(), now.top);
                }
                before = now;
            });
            for sign in SIGNS {
                if let Some(window) = web_sys::window() {
                    let listener = on_sign.as_ref().unchecked_ref();
                    window.add_event_listener_with_callback(sign, listener).ok();
                }
            }
            move || {
                for sign in SIGNS {
                    if let Some(window) = web_sys::window() {
                        let listener = on_sign.as_ref().unchecked_ref();
                        window.remove_event_listener_with_callback(sign, listener).ok();
                    }
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

/// How far the page is scrolled, and how tall it is.
#[derive(Default)]
struct Place {
    top: f64,
    height: i32,
}

fn place(window: &Window) -> Place {
    let page = window.document().and_then(|document| document.document_element());
    Place {
        top: window.scroll_y().unwrap_or_default(),
        height: page.map_or(0, |page| page.scroll_height()),
    }
}

/// Tells whether the event alone shows that the reader leads: a wheel turned up, or any touch.
fn is_upward(event: &Event) -> bool {
    match event.dyn_ref::<WheelEvent>() {
        Some(wheel) => wheel.delta_y() < 0.0,
        None => event.type_() == "touchmove",
    }
}

/// Tells whether the focused element has left the page: focus then falls to the body.
fn focus_is_lost() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| {
        document.active_element().is_none_or(|element| element.tag_name() == "BODY")
    })
}
