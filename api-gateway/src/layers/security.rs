//! Security headers: three on every answer, the rest on pages.
//!
//! Scripts run only from our own origin or with the page's nonce, WASM may compile, and nothing may be
//! evaluated from text. `Integrity-Policy` refuses every script that comes without integrity, because an
//! import map that is blocked or incomplete would otherwise fail open.
//!
//! Not here: Trusted Types, which the shell's page demands itself, in a `<meta>` beside the rules that its first
//! script sets (`shell/page.html`): a gateway that demanded them of a page without such rules would break it. By
//! these a string is script only as JSON (import maps), an address of a script only over http, and markup only
//! without scripts, frames and handlers (Yew sets raw markup by `innerHTML`; React and others do as well). Policies
//! of other names are not restricted, because remotes' frameworks bring theirs.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    response::Response,
};
use service_kit::Around;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Adds what belongs on every answer, if the handler did not say otherwise.
pub(super) struct Everywhere;

impl Around for Everywhere {
    type Kept = ();

    fn before(&self, _: &mut Request) -> Result<(), Box<Response>> {
        Ok(())
    }

    fn after(&self, (): (), response: &mut Response) {
        let headers = response.headers_mut();
        // What any page may read by script it may as well embed; nothing else.
        let any = headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).is_some_and(|o| o == "*");
        let embeds = HeaderValue::from_static(if any { "cross-origin" } else { "same-origin" });
        headers.entry(RESOURCE_POLICY).or_insert(embeds);
        headers
            .entry(header::X_CONTENT_TYPE_OPTIONS)
            .or_insert(HeaderValue::from_static("nosniff"));
        headers
            .entry(header::REFERRER_POLICY)
            .or_insert(HeaderValue::from_static("strict-origin-when-cross-origin"));
    }
}

/// Returns the headers of a page whose inline scripts carry `nonce`, and which may load remotes in
/// development from `overrides`.
pub(crate) fn page_headers(nonce: &str, overrides: &[String]) -> [(HeaderName, String); 4] {
    let others: String = overrides.iter().map(|origin| format!(" {origin}")).collect();
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'{others}; \
         style-src 'self'{others}; img-src 'self' data:{others}; font-src 'self'{others}; \
         connect-src 'self'{others}; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    let permissions = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
    [
        (header::CONTENT_SECURITY_POLICY, policy),
        (HeaderName::from_static("integrity-policy"), "blocked-destinations=(script)".to_owned()),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin".to_owned()),
        (HeaderName::from_static("permissions-policy"), permissions.to_owned()),
    ]
}
