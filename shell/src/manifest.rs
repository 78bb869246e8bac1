//! Reads `/manifest.json`. Not here: following later revisions.

use contract::{Manifest, SCHEMA};
use gloo_net::http::Request;
use gloo_timers::future::TimeoutFuture;
use shared_ui::from_js;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Response};

use crate::js;

const PATH: &str = "/manifest.json";

/// Milliseconds for one try.
const DEADLINE: u32 = 10_000;
/// Milliseconds before the second and the third try, and at most half as much again by chance.
const WAITS: [u32; 2] = [300, 1_200];

/// Reads the manifest, trying again after a failure.
///
/// # Errors
///
/// Says for people what the last try failed of.
pub(crate) async fn read() -> Result<Manifest, String> {
    for wait in WAITS {
        if let Ok(manifest) = fetch().await {
            return Ok(manifest);
        }
        let chance = (js_sys::Math::random() * f64::from(wait / 2)) as u32;
        TimeoutFuture::new(wait + chance).await;
    }
    fetch().await
}

async fn fetch() -> Result<Manifest, String> {
    let signal = AbortSignal::timeout_with_u32(DEADLINE);
    let request = Request::get(PATH).abort_signal(Some(&signal));
    let response = request.send().await.map_err(|error| error.to_string())?;
    if !response.ok() {
        return Err(["the server answered ", &response.status().to_string()].concat());
    }
    let body = Response::from(response).json().map_err(|error| js::message(&error))?;
    let json = JsFuture::from(body).await.map_err(|error| js::message(&error))?;
    let manifest: Manifest = from_js(json).map_err(|error| error.to_string())?;
    if manifest.schema != SCHEMA {
        return Err("it has a shape that this page does not know: reload the page".to_owned());
    }
    Ok(manifest)
}
