//! What the devtools panel is told, and what it may do. The panel itself is `shell/devtools.js`, loaded when
//! it is first opened: it costs a visitor nothing.
//!
//! Not here: deciding. `inspect` reads the site's own state.

use std::rc::Rc;

use contract::{Canary, HOST_CONTRACT, Kind, Manifest, Release, cohort};
use gloo_events::EventListener;
use js_sys::{Array, Function, Object};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::KeyboardEvent;

use crate::js;
use crate::site::Site;
use crate::slot::Status;

/// Opens and closes the panel with Ctrl+Shift+. (or Cmd); `module` is `{ url, integrity }` of the panel.
pub(crate) fn listen(site: &Rc<Site>, module: JsValue) {
    if !module.is_object() {
        return;
    }
    let shell = object(site);
    let site = site.clone();
    let state = Object::new();
    let keys = move |event: &web_sys::Event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        let asked = (key.ctrl_key() || key.meta_key()) && key.shift_key() && key.code() == "Period";
        if !asked {
            return;
        }
        if let Ok(close) = js::get(&state, "close").dyn_into::<Function>() {
            let _ = close.call0(&JsValue::UNDEFINED);
            return;
        }
        let (site, shell, state, module) =
            (site.clone(), shell.clone(), state.clone(), module.clone());
        spawn_local(async move {
            if let Err(error) = open(&site, &shell, &state, &module).await {
                web_sys::console::warn_2(&"the devtools cannot be opened:".into(), &error);
            }
        });
    };
    EventListener::new(&gloo_utils::document(), "keydown", keys).forget();
}

async fn open(
    site: &Site,
    shell: &Object,
    state: &Object,
    module: &JsValue,
) -> Result<(), JsValue> {
    let url = js::text(module, "url").unwrap_or_default();
    let integrity = js::text(module, "integrity").unwrap_or_default();
    let exports = JsFuture::from(site.slot().import_checked(&url, &integrity)?).await?;
    let open: Function = js::get(&exports, "open").dyn_into()?;
    let ended = {
        let state = state.clone();
        Closure::once_into_js(move || js::set(&state, "close", &JsValue::UNDEFINED))
    };
    let close = open.call2(&JsValue::UNDEFINED, shell, &ended)?;
    js::set(state, "close", &close);
    Ok(())
}

/// Makes what the panel gets: `inspect()` and `act(what, remote, value)`.
fn object(site: &Rc<Site>) -> Object {
    let object = Object::new();
    let own = site.clone();
    let inspect = Closure::<dyn Fn() -> JsValue>::new(move || inspect(&own).into());
    js::set(&object, "inspect", &inspect.into_js_value());
    let own = site.clone();
    let act = Closure::<dyn Fn(String, String, String)>::new(
        move |what: String, name: String, value: String| match what.as_str() {
            "reload" => own.reload(),
            "previous" => own.force_previous(&name),
            "override" => own.set_override(&name, &value),
            "clear" => own.set_override(&name, ""),
            _ => {}
        },
    );
    js::set(&object, "act", &act.into_js_value());
    object
}

fn inspect(site: &Site) -> Object {
    let told = Object::new();
    js::set(&told, "contract", &HOST_CONTRACT.into());
    js::set(&told, "bucket", &site.bucket().into());
    let remotes = Array::new();
    if let (Some(raw), Some(manifest)) = (site.raw(), site.manifest()) {
        js::set(&told, "revision", &(manifest.revision as f64).into());
        let held = site.slot().holding();
        for (name, state) in &manifest.remotes {
            let release = match &held {
                // What stands on the page may be older than what the manifest says.
                Some((remote, release)) if remote == name => release,
                _ => &state.active,
            };
            remotes.push(&remote(site, name, release, &raw));
        }
    }
    js::set(&told, "remotes", &remotes);
    told
}

fn remote(site: &Site, name: &str, release: &Release, raw: &Manifest) -> Object {
    let told = Object::new();
    let text = |key: &str, value: &str| js::set(&told, key, &value.into());
    let number = |key: &str, value: f64| js::set(&told, key, &value.into());
    let Release { version, base, contract, kind, files, signed, .. } = release;
    text("name", name);
    text("version", version);
    text("base", base);
    text("contract", contract);
    text("kind", if *kind == Kind::Yew { "yew" } else { "module" });
    text("role", role(site, name, release, raw));
    if let Some(signed) = signed {
        text("key", &signed.key);
    }
    number("files", files.len() as f64);
    number("bytes", files.values().map(|file| file.bytes as f64).sum());
    number("cohort", f64::from(cohort(site.bucket(), name)));
    let state = raw.remotes.get(name);
    if let Some(Canary { percent, .. }) = state.and_then(|state| state.canary.as_ref()) {
        number("trial", f64::from(*percent));
    }
    let failures = site.slot().services.reports.failures(&[name, "@", version].concat());
    number("failures", f64::from(failures));
    js::set(&told, "override", &site.has_override(name).into());
    js::set(&told, "previous", &state.is_some_and(|state| state.previous.is_some()).into());
    let here = site.here().is_some_and(|remote| remote == name);
    text("status", if here { status(&site.slot().status()) } else { "" });
    let phases = Array::new();
    for (phase, time) in site.slot().timings(name) {
        phases.push(&Array::of2(&phase.into(), &time.into()));
    }
    js::set(&told, "phases", &phases);
    told
}

fn role(site: &Site, name: &str, release: &Release, raw: &Manifest) -> &'static str {
    let is = |other: &Release| other.version == release.version;
    match raw.remotes.get(name) {
        _ if site.is_overridden(name) => "override",
        Some(state) if is(&state.active) => "active",
        Some(state) if state.canary.as_ref().is_some_and(|canary| is(&canary.release)) => "canary",
        Some(state) if state.previous.as_ref().is_some_and(is) => "previous",
        _ => "older",
    }
}

fn status(status: &Status) -> &'static str {
    match status {
        Status::Idle => "",
        Status::Loading => "loading",
        Status::BackingOff => "waiting",
        Status::Bootstrapping => "bootstrapping",
        Status::Mounting => "mounting",
        Status::Mounted => "on the page",
        Status::Unmounting => "unmounting",
        Status::Failed { .. } => "failed",
    }
}
