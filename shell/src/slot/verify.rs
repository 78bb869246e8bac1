//! Whether a release is what its team signed: before any of its code runs, whatever the manifest says.
//!
//! The browser's own `WebCrypto` checks Ed25519 over the exact bytes of `remote.json`, against the trust root
//! of the page; then what was signed must be what the manifest says. Everything fails closed.
//!
//! Not here: the files' hashes. They stand in what was signed, and the browser enforces them.

use contract::{Release, SCHEMA, Signature, TrustedKey, signer};
use js_sys::{Array, Function, JSON, Object, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use super::machine::Failure;
use crate::get::get;
use crate::{js, wire};

/// The descriptor, below a release's base.
pub(crate) const DESCRIPTOR: &str = "remote.json";

const UNCHECKABLE: &str =
    "this browser cannot check signatures, or the page was not loaded by HTTPS";

/// Checks that a trusted key signed exactly this release under this name.
pub(super) async fn verify(
    trust: &[TrustedKey],
    name: &str,
    release: &Release,
) -> Result<(), Failure> {
    let signature = release.signed.as_ref();
    let key = signer(trust, name, signature).map_err(|why| refused(&why.text()))?;
    let Some(signature) = signature else { return Err(refused("it is not signed")) };
    let bytes = fetch(&release.url(DESCRIPTOR)).await?;
    let genuine = is_genuine(key, signature, &bytes)
        .await
        .map_err(|error| refused(&[UNCHECKABLE, " (", &js::message(&error), ")"].concat()))?;
    if !genuine {
        return Err(refused(&contract::Distrust::Forged(key.id.clone()).text()));
    }
    match says(&bytes, name, release) {
        true => Ok(()),
        false => Err(refused("the manifest says something else than what was signed")),
    }
}

async fn fetch(url: &str) -> Result<Uint8Array, Failure> {
    let failed =
        |why: String| Failure { message: [url, ": ", &why].concat().into(), lasting: false };
    get(url, Response::array_buffer).await.map(|buffer| Uint8Array::new(&buffer)).map_err(failed)
}

/// Through untyped calls: typed ones would need parts of web-sys that nothing else here does.
async fn is_genuine(
    key: &TrustedKey,
    signature: &Signature,
    bytes: &Uint8Array,
) -> Result<bool, JsValue> {
    let subtle = js::get(&js::get(&gloo_utils::window(), "crypto"), "subtle");
    let call = async |name: &str, arguments: &Array| {
        let method: Function = js::get(&subtle, name).dyn_into()?;
        JsFuture::from(Promise::from(method.apply(&subtle, arguments)?)).await
    };
    let algorithm = Object::new();
    js::set(&algorithm, "name", &"Ed25519".into());
    let (Some(public), Some(signature)) = (decode(&key.public), decode(&signature.signature))
    else {
        return Ok(false);
    };
    let usages = Array::of1(&"verify".into());
    let (raw, secret) = (JsValue::from("raw"), JsValue::FALSE);
    let import = Array::of5(&raw, &public, &algorithm, &secret, &usages);
    let key = call("importKey", &import).await?;
    let verify = Array::of4(&algorithm, &key, &signature, bytes);
    Ok(call("verify", &verify).await?.is_truthy())
}

fn decode(base64: &str) -> Option<Uint8Array> {
    let text = gloo_utils::window().atob(base64).ok()?;
    // Each character of what `atob` gives is one byte.
    let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
    Some(Uint8Array::from(bytes.as_slice()))
}

/// Tells whether the descriptor is this release of this remote. It has every field of a release but where
/// its files are, which is the manifest's to say.
fn says(descriptor: &Uint8Array, name: &str, release: &Release) -> bool {
    let bytes = descriptor.to_vec();
    let text = String::from_utf8_lossy(&bytes);
    let Ok(value) = JSON::parse(&text) else { return false };
    let known = js::get(&value, "schema").as_f64() == Some(f64::from(SCHEMA));
    if !known || js::text(&value, "name").as_deref() != Some(name) {
        return false;
    }
    js::set(&value, "base", &release.base.as_str().into());
    let Some(mut said) = wire::release(&value) else { return false };
    said.signed.clone_from(&release.signed);
    said == *release
}

fn refused(why: &str) -> Failure {
    Failure { message: ["it was refused: ", why].concat().into(), lasting: true }
}
