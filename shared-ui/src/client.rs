//! Typed requests through the host.
//!
//! JSON is parsed by the browser and read field by field: serde's own JSON would cost each remote about
//! 9 KB (brotli). Not here: paths and types. Those are each domain's.

use contract::Problem;
use js_sys::JSON;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, Response};

use crate::kit::Host;

/// Fetches JSON, or posts `body` for it, and leaves the reading to the caller, as small bundles do.
///
/// # Errors
/// The server's problem, or one of our own making when it could not be reached.
pub async fn fetch_value<B: Serialize>(
    host: &Host,
    path: &str,
    body: Option<&B>,
    signal: Option<&AbortSignal>,
) -> Result<JsValue, Problem> {
    let init = match body {
        Some(body) => with_json(request("POST", signal), body, "application/json")?,
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
    let init = with_json(request("POST", signal), body, "application/json")?;
    decode(&send(host, path, &init).await?).await
}

/// Posts JSON and returns the answer as it begins, for reading as server-sent events.
///
/// # Errors
/// As [`get_json`].
pub async fn post_for_events<B: Serialize>(
    host: &Host,
    path: &str,
    body: &B,
    signal: Option<&AbortSignal>,
) -> Result<Response, Problem> {
    let init = with_json(request("POST", signal), body, "text/event-stream")?;
    send(host, path, &init).await
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

fn with_json<B: Serialize>(
    init: RequestInit,
    body: &B,
    accept: &str,
) -> Result<RequestInit, Problem> {
    let unwritten = || local("unsendable", "The request could not be written.");
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    let value = body.serialize(&serializer).map_err(|_| unwritten())?;
    let text = JSON::stringify(&value).map_err(|_| unwritten())?;
    let headers = Headers::new().map_err(|_| unwritten())?;
    headers.set("content-type", "application/json").ok();
    headers.set("accept", accept).ok();
    init.set_body(&text);
    init.set_headers(&headers);
    Ok(init)
}

async fn send(host: &Host, path: &str, init: &RequestInit) -> Result<Response, Problem> {
    let promise = host.fetch(path, init).map_err(|error| unreachable(&error))?;
    let response = JsFuture::from(promise).await.map_err(|error| unreachable(&error))?;
    let response: Response = response.dyn_into().map_err(|error| unreachable(&error))?;
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

async fn problem_of(response: &Response) -> Problem {
    if let Ok(value) = json(response).await
        && let Ok(problem) = from_js::<Problem>(value)
    {
        return problem;
    }
    let status = response.status();
    Problem { status, ..local("server", "The server could not answer. Try again in a moment.") }
}

pub(crate) fn unreachable(error: &JsValue) -> Problem {
    let name = error.dyn_ref::<js_sys::Error>().map(|e| String::from(e.name()));
    let aborted = name.as_deref() == Some("AbortError")
        // An aborted request rejects with a DOMException, which is no `Error` to `instanceof` alone.
        || js_sys::Reflect::get(error, &"name".into()).ok().and_then(|n| n.as_string()).as_deref()
            == Some("AbortError");
    if aborted {
        return local(ABORTED, "The request was cancelled.");
    }
    local("unreachable", "The server cannot be reached. Check your connection and try again.")
}

pub(crate) fn broken_stream() -> Problem {
    local("broken-stream", "The answer broke off. Try again.")
}

/// Code of the problem of a request that was cancelled here.
pub const ABORTED: &str = "aborted";

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
