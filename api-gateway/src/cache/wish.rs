//! What a request allows a cache to do. Pure.

use std::time::Duration;

use axum::http::{HeaderMap, Method};
use service_kit::is_told;

use super::control::Control;
use crate::upstream::streams;

/// Tells whether a header is a condition that only the upstream can judge, or asks for a part.
fn is_upstreams(name: &str) -> bool {
    matches!(name, "range" | "if-range" | "if-match" | "if-unmodified-since")
}

/// Tells whether a header makes an answer somebody's, unless it says `public` (RFC 9111, 3.5): what the caller
/// shows, and what the gateway tells of them.
fn is_somebodys(name: &str) -> bool {
    name == "authorization" || is_told(name)
}

/// A request that an answer which is kept may be good for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Only the head is wanted.
    pub(super) head: bool,
    pub(super) with_credentials: bool,
    /// The upstream must be asked.
    pub(super) no_cache: bool,
    /// How old the answer may be.
    pub(super) max_age: Option<Duration>,
}

impl Wish {
    /// Reads a request as the upstream gets it; `None` when it must pass.
    ///
    /// Paths that end in `/feed` are those where callers wait for news: there is nothing to keep, and whoever
    /// waited for another caller's answer first would wait twice.
    pub(crate) fn of(method: &Method, path: &str, headers: &HeaderMap) -> Option<Self> {
        let control = Control::of(headers);
        let reads = *method == Method::GET || *method == Method::HEAD;
        let any = |is: fn(&str) -> bool| headers.keys().any(|name| is(name.as_str()));
        if !reads
            || any(is_upstreams)
            || control.no_store
            || streams::wanted(headers)
            || path.ends_with("/feed")
        {
            return None;
        }
        Some(Self {
            head: *method == Method::HEAD,
            with_credentials: any(is_somebodys),
            no_cache: control.no_cache,
            max_age: control.max_age,
        })
    }

    /// Whether nobody else's answer to the same request may be good for this one, and the other way round.
    pub(super) fn goes_alone(&self) -> bool {
        self.head || self.with_credentials
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

    use super::Wish;

    fn of(method: &Method, path: &str, pairs: &[(&'static str, &'static str)]) -> Option<Wish> {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        Wish::of(method, path, &pairs.iter().map(pair).collect::<HeaderMap>())
    }

    #[test]
    fn what_only_the_upstream_can_answer_passes() {
        for (method, path, pairs) in [
            (Method::POST, "/api/a/x", &[][..]),
            (Method::OPTIONS, "/api/a/x", &[]),
            (Method::GET, "/api/a/feed", &[]),
            (Method::GET, "/api/a/x", &[("range", "bytes=0-1")]),
            (Method::GET, "/api/a/x", &[("if-match", "\"1\"")]),
            (Method::GET, "/api/a/x", &[("cache-control", "no-store")]),
            (Method::GET, "/api/a/x", &[("accept", "text/event-stream")]),
        ] {
            assert_eq!(of(&method, path, pairs), None, "{method} {path} {pairs:?}");
        }
    }

    #[test]
    fn what_a_caller_wants_is_read() {
        assert_eq!(of(&Method::GET, "/api/a/feeds", &[]), Some(Wish::default()));
        let reload = of(&Method::HEAD, "/api/a", &[("cache-control", "no-cache, max-age=0")]);
        let max_age = Some(Duration::ZERO);
        let expected = Wish { head: true, no_cache: true, max_age, ..Wish::default() };
        assert_eq!(reload, Some(expected));
        for name in ["authorization", "x-asterism-account", "x-asterism-roles", "x-asterism-edge"] {
            let wish = of(&Method::GET, "/api/a", &[(name, "x")]).unwrap();
            assert!(wish.with_credentials && wish.goes_alone(), "{name}");
        }
    }
}
