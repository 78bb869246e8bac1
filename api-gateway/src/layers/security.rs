//! Security headers: two on every answer, the rest on pages.
//!
//! Scripts run only from our own origin or with the page's nonce, WASM may compile, and nothing may be
//! evaluated from text. `Integrity-Policy` refuses every script that comes without integrity, because an
//! import map that is blocked or incomplete would otherwise fail open.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// Adds what belongs on every answer, if the handler did not say otherwise.
pub(super) async fn everywhere(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    headers
        .entry(header::REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("strict-origin-when-cross-origin"));
    response
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
