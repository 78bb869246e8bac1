//! Answering with a stored file: type, validators, caching. The same for remotes and the shell.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use registry::Encoding;
use service_kit::if_none_match;

/// For what never changes under its URL.
pub(crate) const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// For what must be asked for again each time.
pub(crate) const REVALIDATE: &str = "no-cache";

/// A file in the form that the client takes.
#[derive(Debug)]
pub(crate) struct Asset<'a> {
    pub(crate) name: &'a str,
    pub(crate) bytes: Bytes,
    pub(crate) encoding: Encoding,
    /// Of the file itself, in any encoding.
    pub(crate) integrity: &'a str,
    pub(crate) cache: &'static str,
}

impl Asset<'_> {
    /// Returns the answer, 304 when the client has it.
    pub(crate) fn respond(self, request: &HeaderMap) -> Response {
        let Self { name, bytes, encoding, integrity, cache } = self;
        // Another coding is another representation, so it needs its own strong validator.
        let etag = format!("\"{integrity}{}\"", encoding.suffix());
        let common = [
            (header::ETAG, etag.clone()),
            (header::CACHE_CONTROL, cache.to_owned()),
            (header::VARY, "accept-encoding".to_owned()),
        ];
        if if_none_match(request.get_all(header::IF_NONE_MATCH), &etag) {
            return (StatusCode::NOT_MODIFIED, common).into_response();
        }
        let content_type = [(header::CONTENT_TYPE, content_type(name))];
        let mut response = (common, content_type, bytes).into_response();
        if let Some(token) = encoding.token() {
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
        }
        response
    }
}

/// Returns the codings that the request takes, the best first.
pub(crate) fn accepted(request: &HeaderMap) -> Vec<Encoding> {
    let values = request.get_all(header::ACCEPT_ENCODING).iter();
    let list: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    Encoding::accepted(&list.join(","))
}

fn content_type(name: &str) -> String {
    // The table still has the type that RFC 9239 made obsolete.
    let name = if name.ends_with(".mjs") { "module.js" } else { name };
    let mime = mime_guess::from_path(name).first_or_octet_stream();
    if mime.type_() == mime_guess::mime::TEXT || mime.subtype() == mime_guess::mime::JSON {
        format!("{mime}; charset=utf-8")
    } else {
        mime.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::content_type;

    #[test]
    fn browsers_get_the_types_that_they_insist_on() {
        for (name, expected) in [
            ("a.js", "text/javascript; charset=utf-8"),
            ("a.mjs", "text/javascript; charset=utf-8"),
            ("a.css", "text/css; charset=utf-8"),
            ("a.json", "application/json; charset=utf-8"),
            ("a_bg.wasm", "application/wasm"),
            ("a.svg", "image/svg+xml"),
            ("a.woff2", "font/woff2"),
            ("a", "application/octet-stream"),
        ] {
            assert_eq!(content_type(name), expected, "{name}");
        }
    }
}
