//! Optimistic concurrency: who changes a story says which version of it they have seen.

use axum::http::{HeaderMap, HeaderName, header};

/// `If-Match` and `If-None-Match` of a request; without either, everything is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Condition {
    matching: Option<Tags>,
    none_matching: Option<Tags>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Tags {
    /// `*`: whatever there is.
    Any,
    /// As they were sent.
    Of(Vec<String>),
}

impl Condition {
    /// Reads the conditions of a request. A tag of no version matches none.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        Self {
            matching: Tags::of(headers, &header::IF_MATCH),
            none_matching: Tags::of(headers, &header::IF_NONE_MATCH),
        }
    }

    /// Tells whether a story may be changed that has the version `current`, `None` when there is none.
    pub(crate) fn allows(&self, current: Option<&str>) -> bool {
        let is_it = |tags: &Tags, compare: fn(&str, &str) -> bool| {
            current.is_some_and(|current| tags.name(&etag(current), compare))
        };
        // A weak tag is of what means the same, which is not enough to change it (RFC 9110, 13.1.1).
        self.matching.as_ref().is_none_or(|tags| is_it(tags, |sent, own| sent == own))
            && self.none_matching.as_ref().is_none_or(|tags| !is_it(tags, weakly))
    }

    /// Tells whether the caller has the version `current` already.
    pub(crate) fn knows(&self, current: &str) -> bool {
        self.none_matching.as_ref().is_some_and(|tags| tags.name(&etag(current), weakly))
    }
}

impl Tags {
    fn of(headers: &HeaderMap, name: &HeaderName) -> Option<Self> {
        if !headers.contains_key(name) {
            return None;
        }
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        let tags: Vec<_> =
            values.flat_map(|value| value.split(',')).map(|tag| tag.trim().to_owned()).collect();
        Some(if tags.iter().any(|tag| tag == "*") { Self::Any } else { Self::Of(tags) })
    }

    fn name(&self, etag: &str, compare: fn(&str, &str) -> bool) -> bool {
        match self {
            Self::Any => true,
            Self::Of(tags) => tags.iter().any(|tag| compare(tag, etag)),
        }
    }
}

fn weakly(sent: &str, own: &str) -> bool {
    sent.trim_start_matches("W/") == own
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
