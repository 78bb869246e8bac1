//! `host.fetch`: the browser's `fetch` with the host's headers, deadline and one careful retry.
//!
//! Not here: what is allowed (`policy`). Bodies pass through untouched, streams too.

pub(crate) mod policy;
mod trace;

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, DomException, Request, RequestInit, Response, Url};

use self::policy::{DEADLINE, Outcome};
use crate::slot::Occupant;

/// Says who asks.
const REMOTE: &str = "x-asterism-remote";
const TRACEPARENT: &str = "traceparent";

/// Milliseconds before a retry, and at most as much again by chance.
const PAUSE: u32 = 150;

/// Fetches for a remote; takes and gives what the browser's `fetch` does.
///
/// # Errors
///
/// Rejects with a `TypeError` for a refused or failed request, and with the signal's reason (a
/// `TimeoutError` for the deadline) for an aborted one.
pub(crate) async fn fetch(
    occupant: &Rc<Occupant>,
    input: &JsValue,
    init: &JsValue,
) -> Result<JsValue, JsValue> {
    let request = prepare(occupant, input, init)?;
    let deadline = AbortController::new()?;
    let signals = Array::of2(&request.signal(), &deadline.signal());
    if let Some(abort) = &occupant.abort {
        signals.push(&abort.signal());
    }
    let signal = AbortSignal::any(&signals);
    // Dropped, and so disarmed, as soon as the headers are there: a stream may last.
    let _timer = Timeout::new(DEADLINE, move || {
        let text = "the server did not answer in time";
        let reason = DomException::new_with_message_and_name(text, "TimeoutError");
        deadline.abort_with_reason(&reason.map_or(JsValue::UNDEFINED, Into::into));
    });
    occupant.budget.borrow_mut().request();
    let method = request.method();
    let first = send(&request, &signal).await;
    if !policy::repeats(&method, outcome(&first, &signal)) || !occupant.budget.borrow_mut().take() {
        return first;
    }
    TimeoutFuture::new(PAUSE + (js_sys::Math::random() * f64::from(PAUSE)) as u32).await;
    // What may be repeated has no body, so the same request can be sent again.
    send(&request, &signal).await
}

fn prepare(occupant: &Occupant, input: &JsValue, init: &JsValue) -> Result<Request, JsValue> {
    let init: &RequestInit = init.unchecked_ref();
    let request = match input.dyn_ref::<Request>() {
        Some(request) => Request::new_with_request_and_init(request, init)?,
        None => {
            // A string or a URL object.
            let url = String::from(input.unchecked_ref::<Object>().to_string());
            Request::new_with_str_and_init(&url, init)?
        }
    };
    let url = Url::new(&request.url())?;
    let same_origin = url.origin() == gloo_utils::window().location().origin()?;
    let who = occupant.label();
    policy::check(same_origin, &url.pathname(), occupant.apis())
        .map_err(|refusal| js_sys::TypeError::new(&refusal.message(&who)))?;
    let headers = request.headers();
    headers.set(REMOTE, &who)?;
    if !headers.has(TRACEPARENT)? {
        headers.set(TRACEPARENT, &trace::current()?)?;
    }
    Ok(request)
}

async fn send(request: &Request, signal: &AbortSignal) -> Result<JsValue, JsValue> {
    let init = RequestInit::new();
    init.set_signal(Some(signal));
    JsFuture::from(gloo_utils::window().fetch_with_request_and_init(request, &init)).await
}

fn outcome(result: &Result<JsValue, JsValue>, signal: &AbortSignal) -> Outcome {
    match result {
        _ if signal.aborted() => Outcome::Aborted,
        Err(_) => Outcome::NetworkError,
        Ok(response) => {
            let response: &Response = response.unchecked_ref();
            let waits = response.headers().has("retry-after").unwrap_or(false);
            Outcome::Status { code: response.status(), waits }
        }
    }
}
