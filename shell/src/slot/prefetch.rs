//! Fetching a release ahead, on intent. Nothing is run: only the browser's caches are filled.
//!
//! Not here: what counts as intent (`links`).

use contract::Release;
use wasm_bindgen::JsValue;

use super::load::{Modules, link, refusal};
use super::verify::DESCRIPTOR;
use crate::js;

/// Fetches a release's files, once. Nothing happens for people who save data.
pub(super) fn release(modules: &Modules, release: &Release) {
    if saves_data() || refusal(release).is_some() || !first(modules, release) {
        return;
    }
    modules.maps.require(
        &release.url(&release.entry),
        release.integrity(&release.entry).unwrap_or_default(),
    );
    hint("modulepreload", "", release, &release.entry);
    for file in &release.styles {
        hint("preload", "style", release, file);
    }
    preload(release);
}

/// Fetches what the entry will fetch, beside the entry itself, once.
pub(super) fn wasm(modules: &Modules, release: &Release) {
    if first(modules, release) {
        preload(release);
    }
}

fn first(modules: &Modules, release: &Release) -> bool {
    let mut ahead = modules.ahead.borrow_mut();
    let first = !ahead.contains(&release.base);
    if first {
        ahead.push(release.base.clone());
    }
    first
}

fn preload(release: &Release) {
    if release.signed.is_some() {
        hint("preload", "fetch", release, DESCRIPTOR);
    }
    for file in &release.preload {
        match file.rsplit('.').next() {
            Some("js") => hint("modulepreload", "", release, file),
            Some("css") => hint("preload", "style", release, file),
            _ => hint("preload", "fetch", release, file),
        }
    }
}

fn hint(rel: &str, kind: &str, release: &Release, file: &str) {
    let (Some(link), Some(head)) = (link(rel, kind, release, file), gloo_utils::document().head())
    else {
        return;
    };
    let _ = head.append_child(&link);
}

fn saves_data() -> bool {
    let navigator: JsValue = gloo_utils::window().navigator().into();
    js::get(&js::get(&navigator, "connection"), "saveData").is_truthy()
}
