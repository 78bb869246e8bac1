//! Keeping the newest turn in view while it grows, and the page where it is while older ones come in.

use std::{cell::RefCell, mem, rc::Rc};

use shared_ui::hooks::lean::{State, use_effect_with};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, WheelEvent, Window};
use yew::prelude::*;

use super::{focus_quietly, show};
use crate::transcript::{Action, Transcript};

/// Scrolling up by more than this many pixels ends the following.
const NUDGE: f64 = 4.0;
/// Scrolling up to less than this many pixels from the top fetches what was before.
const NEAR: f64 = 300.0;
/// What tells that the reader scrolls. Positions alone do not: while text comes in, each piece scrolls
/// down again before the reader's own scrolling shows.
const SIGNS: [&str; 3] = ["wheel", "touchmove", "scroll"];

/// What is remembered from one rendering to the next. In one place: each `use_mut_ref` of another type is compiled
/// anew.
#[derive(Debug, Default)]
pub(crate) struct Followed {
    /// Where the page was before older turns came in.
    pub(crate) before: Place,
    /// The reader leads.
    ended: bool,
    /// The run that was followed last.
    last: Option<u32>,
    /// The conversation that is shown.
    shown: Option<String>,
}

/// Shows the last child of `list` whenever a new run begins, and again as it grows, until the reader scrolls
/// up. A run that began with a button that is gone takes the focus to the child's heading. A conversation
/// that is opened is shown from its last turn on.
#[hook]
pub(crate) fn use_follow(
    list: &NodeRef,
    transcript: &State<Transcript>,
    followed: &Rc<RefCell<Followed>>,
) {
    {
        let followed = Rc::clone(followed);
        let setter = transcript.setter();
        use_effect_with((), move |()| {
            let mut before = Place::now();
            let on_sign = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
                let Some(window) = web_sys::window() else { return };
                let now = Place::now();
                // A page that became shorter moves up by itself.
                let moved_up = now.top < before.top - NUDGE && now.height >= before.height;
                let leads = moved_up || is_upward(&event);
                if leads && !mem::replace(&mut followed.borrow_mut().ended, true) {
                    // A smooth scroll that is under way goes on over the reader's unless it is ended.
                    scroll_to(&window, now.top);
                }
                if leads && now.top < NEAR {
                    setter.dispatch(Action::Earlier);
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
    let run = transcript.live().map(|turn| turn.run);
    {
        let (list, followed) = (list.clone(), Rc::clone(followed));
        use_effect_with((run, extent(transcript)), move |(run, _)| {
            let mut kept = followed.borrow_mut();
            let begins = mem::replace(&mut kept.last, *run) != *run;
            kept.ended &= !begins;
            let follows = !kept.ended;
            // Focus and scrolling may be heard at once.
            drop(kept);
            if run.is_some()
                && let Some(turn) = newest(&list)
            {
                if begins
                    && focus_is_lost()
                    && let Ok(Some(heading)) = turn.query_selector("h2")
                {
                    focus_quietly(&heading);
                }
                if follows {
                    show(&turn);
                }
            }
        });
    }
    {
        let (list, followed) = (list.clone(), Rc::clone(followed));
        let there = !transcript.turns().is_empty();
        let opened = transcript.conversation().filter(|_| there).map(str::to_owned);
        use_effect_with((opened, transcript.older().len()), move |(opened, older)| {
            // What began here is followed already.
            let known = mem::replace(&mut followed.borrow_mut().shown, opened.clone());
            if known != *opened {
                if opened.is_some()
                    && run.is_none()
                    && let Some(turn) = newest(&list)
                {
                    turn.scroll_into_view();
                }
            } else if *older > 0
                && let Some(window) = web_sys::window()
            {
                let Place { top, height } = followed.borrow().before;
                scroll_to(&window, top + f64::from(Place::now().height - height));
            }
        });
    }
}

/// Changes whenever the newest turn grows or ends.
fn extent(transcript: &Transcript) -> usize {
    transcript.live().map_or(0, |turn| {
        let whole = turn.answer.answer.len() + turn.answer.sources.len();
        2 * whole + usize::from(turn.is_running())
    })
}

fn newest(list: &NodeRef) -> Option<Element> {
    list.cast::<Element>()?.last_element_child()
}

fn scroll_to(window: &Window, top: f64) {
    window.scroll_to_with_x_and_y(window.scroll_x().unwrap_or_default(), top);
}

/// How far the page is scrolled, and how tall it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    top: f64,
    height: i32,
}

impl Place {
    /// Measures the page.
    pub(crate) fn now() -> Self {
        let Some(window) = web_sys::window() else { return Self::default() };
        let page = window.document().and_then(|document| document.document_element());
        Self {
            top: window.scroll_y().unwrap_or_default(),
            height: page.map_or(0, |page| page.scroll_height()),
        }
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
