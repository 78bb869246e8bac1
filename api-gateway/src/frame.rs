//! The frame of the pages that the gateway makes itself: the site's header and colours, around what the page says.
//!
//! They need no script, and their policy allows none but the one that knows whether it is dark. Not here: the pages
//! (`identity`, `status`), and those of the shell (`shell`).

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use service_kit::ApiError;

const TEMPLATE: &str = include_str!("frame/frame.html");
const TOKENS: &str = include_str!("../../shared-ui/tokens.css");
const STYLE: &str = include_str!("frame/frame.css");

/// Returns a page in the frame, with a `style` of its own beside the frame's.
pub(crate) fn page(
    status: StatusCode,
    title: &str,
    style: &str,
    body: &str,
    cookies: Vec<(HeaderName, HeaderValue)>,
) -> Result<Response, ApiError> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(ApiError::internal)?;
    let nonce = STANDARD.encode(random);
    let html = TEMPLATE
        .replace("__NONCE__", &nonce)
        .replace("__STYLE__", &[TOKENS, STYLE, style].concat())
        .replace("__TITLE__", title)
        .replace("__BODY__", body);
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin".to_owned()),
        // The address may name the page that somebody came from.
        (header::REFERRER_POLICY, "same-origin".to_owned()),
    ];
    Ok((status, headers, AppendHeaders(cookies), html).into_response())
}
