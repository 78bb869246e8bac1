//! From JSON as the browser parsed it to the contract's types.
//!
//! Written out because serde's error texts alone cost 11 KB of the shell's 110 (brotli). The struct
//! literals are exhaustive: a new field of the contract does not compile here until it is read.

use std::collections::BTreeMap;

use contract::{Canary, FileInfo, Kind, Manifest, Nav, Release, RemoteState, RouteSpec};
use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};

use crate::js;

/// Names the field that is missing or of the wrong type.
type Decoded<T> = Result<T, &'static str>;

/// Reads a manifest. Unknown fields are ignored, so that an older shell can read a newer one.
///
/// # Errors
///
/// Names the first field that is missing or of the wrong type.
pub(super) fn manifest(json: &JsValue) -> Decoded<Manifest> {
    Ok(Manifest {
        schema: number(json, "schema")? as u32,
        revision: number(json, "revision")? as u64,
        released_at: text(json, "released_at")?,
        host_contract: text(json, "host_contract")?,
        remotes: map(&js::get(json, "remotes"), remote)?,
    })
}

fn remote(json: &JsValue) -> Decoded<RemoteState> {
    Ok(RemoteState {
        active: release(&js::get(json, "active"))?,
        canary: optional(&js::get(json, "canary"), canary)?,
        previous: optional(&js::get(json, "previous"), release)?,
    })
}

fn canary(json: &JsValue) -> Decoded<Canary> {
    let percent = number(json, "percent")? as u8;
    Ok(Canary { percent, release: release(&js::get(json, "release"))? })
}

fn release(json: &JsValue) -> Decoded<Release> {
    Ok(Release {
        version: text(json, "version")?,
        base: text(json, "base")?,
        entry: text(json, "entry")?,
        styles: list(json, "styles", string)?,
        preload: list(json, "preload", string)?,
        files: map(&js::get(json, "files"), file)?,
        routes: list(json, "routes", route)?,
        apis: list(json, "apis", string)?,
        contract: text(json, "contract")?,
        kind: match js::text(json, "kind").as_deref() {
            Some("yew") => Kind::Yew,
            _ => Kind::Module,
        },
    })
}

fn file(json: &JsValue) -> Decoded<FileInfo> {
    Ok(FileInfo { integrity: text(json, "integrity")?, bytes: number(json, "bytes")? as u64 })
}

fn route(json: &JsValue) -> Decoded<RouteSpec> {
    Ok(RouteSpec {
        path: text(json, "path")?,
        title: text(json, "title")?,
        nav: optional(&js::get(json, "nav"), nav)?,
    })
}

fn nav(json: &JsValue) -> Decoded<Nav> {
    Ok(Nav { label: text(json, "label")?, order: number(json, "order")? as i32 })
}

fn text(json: &JsValue, key: &'static str) -> Decoded<String> {
    js::text(json, key).ok_or(key)
}

fn number(json: &JsValue, key: &'static str) -> Decoded<f64> {
    js::get(json, key).as_f64().ok_or(key)
}

fn string(json: &JsValue) -> Decoded<String> {
    json.as_string().ok_or("a list of texts")
}

fn optional<T>(json: &JsValue, read: fn(&JsValue) -> Decoded<T>) -> Decoded<Option<T>> {
    if json.is_null() || json.is_undefined() { Ok(None) } else { read(json).map(Some) }
}

/// A missing list is an empty one.
fn list<T>(json: &JsValue, key: &'static str, read: fn(&JsValue) -> Decoded<T>) -> Decoded<Vec<T>> {
    let found = js::get(json, key);
    if found.is_undefined() {
        return Ok(Vec::new());
    }
    found.dyn_ref::<Array>().ok_or(key)?.iter().map(|item| read(&item)).collect()
}

fn map<T>(json: &JsValue, read: fn(&JsValue) -> Decoded<T>) -> Decoded<BTreeMap<String, T>> {
    // Not collected: that would bring a whole sort along.
    let mut map = BTreeMap::new();
    for entry in Object::entries(json.dyn_ref::<Object>().ok_or("an object")?).iter() {
        let entry: Array = entry.unchecked_into();
        map.insert(string(&entry.get(0))?, read(&entry.get(1))?);
    }
    Ok(map)
}
