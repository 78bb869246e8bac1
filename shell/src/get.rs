//! What the shell itself reads from servers. Not here: what remotes do (`fetch`).

use gloo_net::http::Request;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Response};

/// Milliseconds for one answer, with all of its body.
const DEADLINE: u32 = 10_000;

/// Gets what is at `url` and reads it as `read` says.
///
/// # Errors
///
/// Says for people what was wrong.
pub(crate) async fn get(
    url: &str,
    read: fn(&Response) -> Result<Promise, JsValue>,
) -> Result<JsValue, String> {
    let signal = AbortSignal::timeout_with_u32(DEADLINE);
    let request = Request::get(url).abort_signal(Some(&signal));
    let response = request.send().await.map_err(|_| "it cannot be reached".to_owned())?;
    if !response.ok() {
        return Err(["the server answered ", &response.status().to_string()].concat());
    }
    let body = match read(&response.into()) {
        Ok(body) => JsFuture::from(body).await,
        Err(error) => Err(error),
    };
    body.map_err(|_| "it broke off, or has another form".to_owned())
}
