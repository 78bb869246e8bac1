//! Typed requests through the host.
//!
//! JSON is parsed by the browser and read field by field: serde's own JSON would cost each remote about
//! 9 KB (brotli). Not here: paths and types. Those are each domain's.

use contract::{FieldError, Problem};
use js_sys::{Array, JSON, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, Response};

use crate::kit::Host;

/// Fetches JSON, or posts `body` for it; writing and reading are left to the caller, as small bundles do.
///
/// # Errors
/// The server's problem, or one of our own making when it could not be reached.
pub async fn fetch_value(
    host: &Host,
    path: &str,
    body: Option<&JsValue>,
    signal: Option<&AbortSignal>,
) -> Result<JsValue, Problem> {
    let init = match body {
        Some(body) => with_body(request("POST", signal), body, "application/json", "")?,
        None => request("GET", signal),
    };
    value(&send(host, path, &init).await?).await
}

/// The problem of an answer that was read and has another shape.
#[must_use]
pub fn unreadable() -> Problem {
    local("unexpected-answer", "The answer has a form that this page cannot read.")
}

/// Fetches and decodes JSON.
///
/// # Errors
/// The server's problem, or one of our own making when it could not be reached or understood.
pub async fn get_json<T: DeserializeOwned>(
    host: &Host,
    path: &str,
    signal: Option<&AbortSignal>,
) -> Result<T, Problem> {
    decode(&send(host, path, &request("GET", signal)).await?).await
}

/// Posts JSON and decodes the answer.
///
/// # Errors
/// As [`get_json`].
pub async fn post_json<B: Serialize, T: DeserializeOwned>(
    host: &Host,
    path: &str,
    body: &B,
    signal: Option<&AbortSignal>,
) -> Result<T, Problem> {
    let body = written(body)?;
    let init = with_body(request("POST", signal), &body, "application/json", "")?;
    decode(&send(host, path, &init).await?).await
}

/// Posts JSON for server-sent events and returns the answer as it begins, whatever its status: who asks again
/// later wants its headers. `after` is the id of the last event that was heard, for what follows it.
///
/// # Errors
/// The server could not be reached.
pub async fn post_for_events(
    host: &Host,
    path: &str,
    body: &JsValue,
    after: &str,
    signal: Option<&AbortSignal>,
) -> Result<Response, Problem> {
    let init = with_body(request("POST", signal), body, "text/event-stream", after)?;
    answer(host, path, &init).await
}

/// Asks for a change, and for nothing back.
///
/// # Errors
/// The server's problem, or one of our own making when it could not be reached.
pub async fn change(
    host: Host,
    method: &'static str,
    path: String,
    body: Option<JsValue>,
) -> Result<(), Problem> {
    let init = request(method, None);
    let init = match body {
        Some(body) => with_body(init, &body, "application/json", "")?,
        None => init,
    };
    send(&host, &path, &init).await.map(|_| ())
}

/// Decodes a JavaScript value.
///
/// # Errors
/// The value has another shape.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, Problem> {
    crate::from_js::from_js(value).map_err(|_| unreadable())
}

fn request(method: &str, signal: Option<&AbortSignal>) -> RequestInit {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_signal(signal);
    init
}

/// Returns a body for [`fetch_value`].
///
/// # Errors
/// It cannot be written as JSON.
pub fn written<B: Serialize>(body: &B) -> Result<JsValue, Problem> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    body.serialize(&serializer).map_err(|_| unwritten())
}

fn unwritten() -> Problem {
    local("unsendable", "The request could not be written.")
}

fn with_body(
    init: RequestInit,
    value: &JsValue,
    accept: &str,
    after: &str,
) -> Result<RequestInit, Problem> {
    let text = JSON::stringify(value).map_err(|_| unwritten())?;
    let headers = Headers::new().map_err(|_| unwritten())?;
    headers.set("content-type", "application/json").ok();
    headers.set("accept", accept).ok();
    if !after.is_empty() {
        headers.set("last-event-id", after).ok();
    }
    init.set_body(&text);
    init.set_headers(&headers);
    Ok(init)
}

async fn answer(host: &Host, path: &str, init: &RequestInit) -> Result<Response, Problem> {
    let promise = host.fetch(path, init).map_err(|error| unreachable(&error))?;
    let response = JsFuture::from(promise).await.map_err(|error| unreachable(&error))?;
    response.dyn_into().map_err(|error| unreachable(&error))
}

async fn send(host: &Host, path: &str, init: &RequestInit) -> Result<Response, Problem> {
    let response = answer(host, path, init).await?;
    if response.ok() { Ok(response) } else { Err(problem_of(&response).await) }
}

async fn decode<T: DeserializeOwned>(response: &Response) -> Result<T, Problem> {
    from_js(value(response).await?)
}

async fn value(response: &Response) -> Result<JsValue, Problem> {
    json(response).await.map_err(|error| unreachable(&error))
}

async fn json(response: &Response) -> Result<JsValue, JsValue> {
    JsFuture::from(response.json()?).await
}

/// Reads the problem of an answer that is none.
pub async fn problem_of(response: &Response) -> Problem {
    let value = json(response).await.unwrap_or(JsValue::UNDEFINED);
    let status = response.status();
    read_problem(&value, status).unwrap_or_else(|| Problem {
        status,
        ..local("server", "The server could not answer. Try again in a moment.")
    })
}

/// Reads a problem by hand: the reader that serde makes for it is 1 KB (brotli) of every bundle.
#[must_use]
pub fn read_problem(value: &JsValue, status: u16) -> Option<Problem> {
    let errors: Option<Array> = member(value, "errors").dyn_into().ok();
    let error = |error: JsValue| {
        Some(FieldError { field: text(&error, "field")?, detail: text(&error, "detail")? })
    };
    Some(Problem {
        r#type: text(value, "type")?,
        title: text(value, "title")?,
        status,
        detail: text(value, "detail").unwrap_or_default(),
        request_id: text(value, "request_id").unwrap_or_default(),
        errors: errors.iter().flat_map(Array::iter).filter_map(error).collect(),
    })
}

fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    member(object, name).as_string()
}

pub(crate) fn unreachable(error: &JsValue) -> Problem {
    let name = error.dyn_ref::<js_sys::Error>().map(|e| String::from(e.name()));
    let aborted = name.as_deref() == Some("AbortError")
        // An aborted request rejects with a DOMException, which is no `Error` to `instanceof` alone.
        || text(error, "name").as_deref() == Some("AbortError");
    if aborted {
        return local(ABORTED, "The request was cancelled.");
    }
    local("unreachable", "The server cannot be reached. Check your connection and try again.")
}

/// The problem of a stream that ended too early.
#[must_use]
pub fn broken_stream() -> Problem {
    local("broken-stream", "The answer broke off. Try again.")
}

/// Code of the problem of a request that was cancelled here.
pub const ABORTED: &str = "aborted";

/// Tells whether a problem says that the request was cancelled here. Cheaper than to ask for its code.
#[must_use]
pub fn is_aborted(problem: &Problem) -> bool {
    problem.status == 0
        && problem.r#type.strip_suffix(ABORTED).is_some_and(|kind| kind.ends_with('/'))
}

fn local(code: &str, detail: &str) -> Problem {
    Problem {
        r#type: ["/problems/", code].concat(),
        title: "The request failed".to_owned(),
        status: 0,
        detail: detail.to_owned(),
        request_id: String::new(),
        errors: Vec::new(),
    }
}
