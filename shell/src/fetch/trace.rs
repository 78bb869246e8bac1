//! W3C trace context: what a person does begins a trace, and every request that follows is part of it.
//!
//! A click, a key, a step through the history or the loading of the page is the span that all these requests
//! have as their parent. What is fetched long after it follows from something else, a timer for example.

use std::cell::RefCell;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsValue;

/// What a person does.
const ACTIONS: [&str; 3] = ["click", "keydown", "popstate"];
/// Milliseconds after which a request is not what somebody did any more.
const FOLLOWS: f64 = 30_000.0;

/// The trace of the last action, until when it lasts.
#[derive(Debug, Default)]
struct Action(Option<(String, f64)>);

impl Action {
    /// Returns the `traceparent` of a request, beginning a trace if there is none to follow.
    fn traceparent<E>(
        &mut self,
        now: f64,
        random: impl FnOnce() -> Result<[u8; 24], E>,
    ) -> Result<String, E> {
        if let Some((trace, until)) = &self.0
            && now < *until
        {
            return Ok(trace.clone());
        }
        let trace = traceparent(&random()?);
        self.0 = Some((trace.clone(), now + FOLLOWS));
        Ok(trace)
    }
}

thread_local! {
    static ACTION: RefCell<Action> = {
        listen();
        RefCell::default()
    };
}

/// Forgets the trace at the next action: before anybody whom it concerns hears of it.
fn listen() {
    let window = gloo_utils::window();
    for action in ACTIONS {
        let options = EventListenerOptions::run_in_capture_phase();
        let forget = |_: &web_sys::Event| ACTION.with_borrow_mut(|action| action.0 = None);
        EventListener::new_with_options(&window, action, options, forget).forget();
    }
}

/// Returns the `traceparent` of a request that is made now.
///
/// # Errors
///
/// There is no randomness.
pub(super) fn current() -> Result<String, JsValue> {
    ACTION.with_borrow_mut(|action| {
        action.traceparent(js_sys::Date::now(), || {
            let mut random = [0; 24];
            gloo_utils::window().crypto()?.get_random_values_with_u8_array(&mut random)?;
            Ok(random)
        })
    })
}

/// Writes a `traceparent` from 24 random bytes: 16 for the trace, 8 for the span.
fn traceparent(random: &[u8; 24]) -> String {
    let mut text = String::with_capacity(55);
    text.push_str("00-");
    for (at, byte) in random.iter().enumerate() {
        if at == 16 {
            text.push('-');
        }
        for half in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(half)]));
        }
    }
    text.push_str("-01");
    text
}

#[cfg(test)]
mod tests {
    use super::{Action, FOLLOWS, traceparent};

    #[test]
    fn a_traceparent_has_the_four_fields_of_the_standard() {
        let mut random = [0xab; 24];
        random[23] = 0x01;
        assert_eq!(traceparent(&random), "00-abababababababababababababababab-ababababababab01-01");
    }

    #[test]
    fn requests_are_of_one_trace_until_something_is_done_or_a_while_is_over() {
        let mut action = Action::default();
        let at = |action: &mut Action, now, byte| {
            action.traceparent(now, || Ok::<_, ()>([byte; 24])).unwrap()
        };
        let first = at(&mut action, 0.0, 1);
        assert_eq!(at(&mut action, FOLLOWS - 1.0, 2), first);
        let later = at(&mut action, FOLLOWS, 3);
        assert_ne!(later, first);
        action.0 = None;
        assert_ne!(at(&mut action, FOLLOWS, 4), later);
    }
}
