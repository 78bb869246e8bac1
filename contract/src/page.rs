//! What a gateway tells the shell in the page itself, as JSON in `<script id="asterism-page">`.
//!
//! It is the one document that is neither cached nor stored: it depends on the deployment and the session.

use serde::{Deserialize, Serialize};

use crate::TrustedKey;

/// Id of the element that holds the document.
pub const PAGE_ELEMENT: &str = "asterism-page";

/// The document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PageConfig {
    /// The trust root, set when the shell is deployed. Without keys nothing is ever loaded.
    #[serde(default)]
    pub trust: Vec<TrustedKey>,
    /// Origins that a remote may be overridden from in this tab, such as `http://localhost:*`; `*` as a port
    /// stands for any. Empty in production.
    #[serde(default)]
    pub override_origins: Vec<String>,
    /// The session's bucket, see [`crate::cohort`].
    #[serde(default)]
    pub bucket: u16,
}

/// Tells whether a remote may be overridden from `origin`.
#[must_use]
pub fn may_override(allowed: &[String], origin: &str) -> bool {
    allowed.iter().any(|pattern| match pattern.strip_suffix(":*") {
        Some(host) => {
            let rest = origin.strip_prefix(host);
            rest.is_some_and(|rest| {
                let port = rest.strip_prefix(':').unwrap_or("0");
                !port.is_empty()
                    && port.bytes().all(|b| b.is_ascii_digit())
                    && (rest.is_empty() || rest.starts_with(':'))
            })
        }
        None => pattern == origin,
    })
}

#[cfg(test)]
mod tests {
    use super::may_override;

    #[test]
    fn an_override_comes_from_a_listed_origin_only() {
        let allowed = ["http://localhost:*".to_owned(), "https://dev.example".to_owned()];
        for (origin, may) in [
            ("http://localhost:9000", true),
            ("http://localhost", true),
            ("https://dev.example", true),
            ("https://dev.example:444", false),
            ("http://localhost.evil:9000", false),
            ("http://localhost:9000@evil", false),
            ("http://localhost:", false),
            ("https://localhost:9000", false),
            ("", false),
        ] {
            assert_eq!(may_override(&allowed, origin), may, "{origin}");
        }
        assert!(!may_override(&[], "http://localhost:1"));
    }
}
