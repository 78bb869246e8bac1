//! What passes between a host and a mounted remote, in JavaScript's terms.
//!
//! A remote's entry exports single-spa's `bootstrap`, `mount`, `unmount` and optionally `update`,
//! `save` and `timeouts`. Each takes `props` and returns a promise. These are the names that stand in
//! `props` and `props.host`, so that the shell that makes them and the kit that reads them cannot drift.

/// Where to mount, in `props`.
pub const DOM_ELEMENT: &str = "domElement";
/// The host object, in `props`; absent under a foreign host.
pub const HOST: &str = "host";

/// What an earlier mount's `save()` returned, in `props`; absent when there was none.
pub const RESTORED: &str = "restored";
/// Optional lifecycle function `(props) => Promise<json>`: the state that the next mount gets as
/// [`RESTORED`] when a version is replaced in an open page.
pub const SAVE: &str = "save";

/// Keys of `props.host`.
pub mod host {
    /// The contract version, a string.
    pub const CONTRACT: &str = "contract";
    /// `""` or a path without trailing slash, before every path of the site.
    pub const BASE_PATH: &str = "basePath";
    /// `() => string`: path and query of the page, below the base path.
    pub const LOCATION: &str = "location";
    /// `(path, {replace}) => void`.
    pub const NAVIGATE: &str = "navigate";
    /// `(cb: (location) => void) => unsubscribe`.
    pub const ON_LOCATION: &str = "onLocation";
    /// `(topic, json) => void`.
    pub const PUBLISH: &str = "publish";
    /// `(topic, cb: (json) => void) => unsubscribe`.
    pub const SUBSCRIBE: &str = "subscribe";
    /// `fetch` with session, trace context, deadline and retry budget.
    pub const FETCH: &str = "fetch";
    /// `(kind, json) => void`.
    pub const REPORT: &str = "report";
    /// `"light"`, `"dark"` or `"system"`.
    pub const THEME: &str = "theme";
    /// BCP 47.
    pub const LOCALE: &str = "locale";
    /// `(cb: ({theme, locale, reducedMotion}) => void) => unsubscribe`.
    pub const ON_PREFERENCE: &str = "onPreference";
}

/// Kinds of `host.report`.
pub mod report {
    /// The remote is on the page.
    pub const MOUNTED: &str = "mounted";
    /// A lifecycle phase failed; `{phase, message}`.
    pub const FAILED: &str = "failed";
    /// The remote's WASM instance is dead; `{message}`.
    pub const PANICKED: &str = "panicked";
}
