//! Optimistic concurrency: who changes a story says which version of it they have seen.

use axum::http::{HeaderMap, HeaderValue, header};
use service_kit::{if_match, if_none_match};

/// `If-Match` and `If-None-Match` of a request; without either, everything is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Condition {
    matching: Option<Vec<HeaderValue>>,
    none_matching: Option<Vec<HeaderValue>>,
}

impl Condition {
    /// Reads the conditions of a request. A tag of no version matches none.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let sent = |name| {
            let values: Vec<_> = headers.get_all(name).iter().cloned().collect();
            Some(values).filter(|values| !values.is_empty())
        };
        Self { matching: sent(header::IF_MATCH), none_matching: sent(header::IF_NONE_MATCH) }
    }

    /// Tells whether a story may be changed that has the version `current`, `None` when there is none.
    pub(crate) fn allows(&self, current: Option<&str>) -> bool {
        let current = current.map(etag);
        let is = |values| current.as_ref().is_some_and(|etag| if_match(values, etag));
        let is_known = |values| current.as_ref().is_some_and(|etag| if_none_match(values, etag));
        self.matching.as_ref().is_none_or(is) && !self.none_matching.as_ref().is_some_and(is_known)
    }

    /// Tells whether the caller has the version `current` already.
    pub(crate) fn knows(&self, current: &str) -> bool {
        self.none_matching.as_ref().is_some_and(|values| if_none_match(values, &etag(current)))
    }
}

/// Returns the strong entity tag of a version.
pub(crate) fn etag(version: &str) -> String {
    ["\"", version, "\""].concat()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::Condition;

    fn condition(matching: Option<&'static str>, none: Option<&'static str>) -> Condition {
        let mut headers = HeaderMap::new();
        for (name, value) in [(header::IF_MATCH, matching), (header::IF_NONE_MATCH, none)] {
            if let Some(value) = value {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        Condition::of(&headers)
    }

    #[test]
    fn a_change_is_allowed_when_what_is_there_is_what_was_seen() {
        for (matching, none, there, absent) in [
            (None, None, true, true),
            (Some("\"v1\""), None, true, false),
            (Some("\"v0\", \"v1\""), None, true, false),
            (Some("\"v0\""), None, false, false),
            (Some("W/\"v1\""), None, false, false),
            (Some("v1"), None, false, false),
            (Some(""), None, false, false),
            (Some("*"), None, true, false),
            (None, Some("*"), false, true),
            (None, Some("\"v1\""), false, true),
            (None, Some("W/\"v1\""), false, true),
            (None, Some("\"v0\""), true, true),
            (Some("\"v1\""), Some("*"), false, false),
        ] {
            let condition = condition(matching, none);
            let sent = (matching, none);
            assert_eq!(condition.allows(Some("v1")), there, "{sent:?}");
            assert_eq!(condition.allows(None), absent, "{sent:?}");
        }
    }
}
