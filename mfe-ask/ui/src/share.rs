//! Handing an answer on.

use js_sys::{Function, Object, Promise, Reflect};
use mfe_ask_api::Answer;
use shared_ui::{kit::Host, with_query};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::segments;

/// Returns an answer as plain text, without marks, over the list of its sources.
pub(crate) fn plain(answer: &Answer, host: &Host) -> String {
    let mut text = segments::words(&answer.answer, "\n\n");
    text.push_str("\n\nSources:");
    for source in &answer.sources {
        let path = host.href(&["/story/", &source.id].concat());
        for part in ["\n", &source.title, ", ", &source.client, ": ", &origin(), &path] {
            text.push_str(part);
        }
    }
    text
}

/// Returns the address that asks a question on arrival. A conversation's own is of no use to others, unless it is
/// shared in their organisation.
pub(crate) fn link(question: &str, host: &Host) -> String {
    [origin(), host.href(&with_query("/ask", &[("q", question)]))].concat()
}

fn origin() -> String {
    web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// Opens the system's sheet for sharing if a `link` is shared and there is one, else copies the text.
/// Returns what to say, empty when the sheet has said it.
pub(crate) async fn hand_on(text: String, link: bool) -> &'static str {
    let Some(window) = web_sys::window() else { return REFUSED };
    let navigator: JsValue = window.navigator().into();
    let text = JsValue::from_str(&text);
    if link {
        let what = Object::new();
        Reflect::set(&what, &"url".into(), &text).ok();
        if let Some(sheet) = call(&navigator, "share", &what) {
            // Closing it without choosing rejects too.
            JsFuture::from(sheet).await.ok();
            return "";
        }
    }
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    let Some(copy) = call(&clipboard, "writeText", &text) else { return REFUSED };
    match JsFuture::from(copy).await {
        Ok(_) if link => "Link copied",
        Ok(_) => "Copied",
        Err(_) => REFUSED,
    }
}

const REFUSED: &str = "The browser does not let this page copy";

/// Calls a method that the browser may lack.
fn call(object: &JsValue, name: &str, argument: &JsValue) -> Option<Promise> {
    let method: Function = Reflect::get(object, &name.into()).ok()?.dyn_into().ok()?;
    method.call1(object, argument).ok()?.dyn_into().ok()
}
