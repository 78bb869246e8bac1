//! Reading the documents that the page is made by: the manifest, a remote's descriptor, what the gateway tells.
//!
//! What the contract marks with `serde(default)` may be missing. How is in [`shared_ui::fields`], why too. Not
//! here: believing any of it (`slot::verify`).

use std::collections::BTreeMap;

use contract::{
    Canary, FileInfo, Kind, Manifest, Nav, PageConfig, Release, RemoteState, RouteSpec, Signature,
    TrustedKey,
};
use shared_ui::fields::{Fields, read};
use wasm_bindgen::JsValue;

/// Reads a manifest.
pub(crate) fn manifest(value: &JsValue) -> Option<Manifest> {
    read(value, |it| Manifest {
        schema: whole(it, "schema"),
        revision: whole(it, "revision"),
        released_at: it.text("released_at"),
        host_contract: it.text("host_contract"),
        remotes: it.map("remotes", state),
    })
}

/// Reads a release, alone: a descriptor that got its `base`.
pub(crate) fn release(value: &JsValue) -> Option<Release> {
    read(value, released)
}

/// Reads what a gateway tells in the page.
pub(crate) fn page(value: &JsValue) -> Option<PageConfig> {
    read(value, |it| PageConfig {
        trust: list(it, "trust", |it| TrustedKey {
            id: it.text("id"),
            public: it.text("public"),
            names: it.texts("names"),
        }),
        override_origins: texts(it, "override_origins"),
        bucket: if has(it, "bucket") { whole(it, "bucket") } else { 0 },
    })
}

fn state(it: &Fields<'_>) -> RemoteState {
    RemoteState {
        active: released(&it.object("active")),
        canary: it.optional("canary", |it| Canary {
            percent: whole(it, "percent"),
            release: released(&it.object("release")),
        }),
        previous: it.optional("previous", released),
        withdrawn: texts(it, "withdrawn"),
    }
}

#[inline(never)]
fn released(it: &Fields<'_>) -> Release {
    Release {
        version: it.text("version"),
        base: it.text("base"),
        entry: it.text("entry"),
        styles: texts(it, "styles"),
        preload: texts(it, "preload"),
        files: files(it),
        routes: list(it, "routes", |it| RouteSpec {
            path: it.text("path"),
            title: it.text("title"),
            nav: it
                .optional("nav", |it| Nav { label: it.text("label"), order: whole(it, "order") }),
        }),
        apis: texts(it, "apis"),
        contract: it.text("contract"),
        kind: if has(it, "kind") { it.known(kind(&it.text("kind"))) } else { Kind::default() },
        signed: it.optional("signed", |it| Signature {
            algorithm: it.text("algorithm"),
            key: it.text("key"),
            signature: it.text("signature"),
        }),
    }
}

fn files(it: &Fields<'_>) -> BTreeMap<String, FileInfo> {
    it.map("files", |it| FileInfo { integrity: it.text("integrity"), bytes: whole(it, "bytes") })
}

fn kind(name: &str) -> Option<Kind> {
    match name {
        "yew" => Some(Kind::Yew),
        "module" => Some(Kind::Module),
        _ => None,
    }
}

fn has(it: &Fields<'_>, name: &str) -> bool {
    !it.field(name).is_undefined()
}

fn texts(it: &Fields<'_>, name: &str) -> Vec<String> {
    if has(it, name) { it.texts(name) } else { Vec::new() }
}

fn list<T>(it: &Fields<'_>, name: &str, item: impl Fn(&Fields<'_>) -> T) -> Vec<T> {
    if has(it, name) { it.list(name, item) } else { Vec::new() }
}

fn whole<T: TryFrom<i64> + Default>(it: &Fields<'_>, name: &str) -> T {
    it.known(T::try_from(it.whole(name)).ok())
}
