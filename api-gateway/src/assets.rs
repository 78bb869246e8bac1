//! Answering with a stored file: type, validators, caching. The same for remotes and the shell.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use registry::Encoding;
use service_kit::if_none_match;

/// For what never changes under its URL.
pub(crate) const IMMUTABLE: HeaderValue =
    HeaderValue::from_static("public, max-age=31536000, immutable");
/// For what must be asked for again each time.
pub(crate) const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// A file in one form, with all that answers say of it.
#[derive(Debug)]
pub(crate) struct Asset {
    bytes: Bytes,
    headers: HeaderMap,
}

impl Asset {
    /// Takes a file's bytes in one encoding, and its integrity in any.
    pub(crate) fn new(
        name: &str,
        bytes: Bytes,
        encoding: Encoding,
        integrity: &str,
        cache: HeaderValue,
    ) -> Self {
        let mut headers = HeaderMap::new();
        // Another coding is another representation, so it needs its own strong validator.
        let etag = HeaderValue::try_from(format!("\"{integrity}{}\"", encoding.suffix()));
        let coding = encoding.token().map(HeaderValue::from_static);
        let known = [
            (header::ETAG, etag.ok()),
            (header::CACHE_CONTROL, Some(cache)),
            (header::VARY, Some(HeaderValue::from_static("accept-encoding"))),
            (header::CONTENT_TYPE, HeaderValue::try_from(content_type(name)).ok()),
            (header::CONTENT_ENCODING, coding),
        ];
        headers.extend(known.into_iter().filter_map(|(name, value)| Some((name, value?))));
        Self { bytes, headers }
    }

    /// Has answers say this too.
    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Returns how many bytes are sent.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns the answer, 304 when the client has it.
    pub(crate) fn respond(&self, request: &HeaderMap) -> Response {
        let etag = self.headers.get(header::ETAG).and_then(|etag| etag.to_str().ok());
        let has = |etag| if_none_match(request.get_all(header::IF_NONE_MATCH), etag);
        let mut headers = self.headers.clone();
        let mut response = Response::default();
        if etag.is_some_and(has) {
            headers.remove(header::CONTENT_TYPE);
            headers.remove(header::CONTENT_ENCODING);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            *response.body_mut() = Body::from(self.bytes.clone());
        }
        *response.headers_mut() = headers;
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
