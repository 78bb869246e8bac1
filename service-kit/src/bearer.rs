//! A secret that its holder shows as `Authorization: Bearer …`.
//!
//! Not here: people and roles. The gateway will know them; until then one key per role and installation.

use std::{fmt, sync::Arc};

use axum::http::{HeaderMap, header};
use subtle::ConstantTimeEq;

/// The key of a role. Never shown, also not by `Debug`.
#[derive(Clone)]
pub struct BearerKey(Arc<str>);

impl BearerKey {
    /// Returns the key made of `secret`.
    #[must_use]
    pub fn new(secret: String) -> Self {
        Self(secret.into())
    }

    /// Tells whether a request shows the key, in a time that tells nothing about where they differ.
    #[must_use]
    pub fn admits(&self, headers: &HeaderMap) -> bool {
        headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .is_some_and(|(scheme, given)| {
                scheme.eq_ignore_ascii_case("bearer")
                    && bool::from(self.0.as_bytes().ct_eq(given.trim().as_bytes()))
            })
    }
}

impl fmt::Debug for BearerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::BearerKey;

    #[test]
    fn only_the_key_itself_is_admitted() {
        let key = BearerKey::new("open sesame".to_owned());
        let admits = |value: &'static str| {
            let value = HeaderValue::from_static(value);
            key.admits(&HeaderMap::from_iter([(header::AUTHORIZATION, value)]))
        };
        assert!(admits("Bearer open sesame") && admits("bearer  open sesame"));
        for other in ["Bearer open", "Bearer", "Basic open sesame", "open sesame", ""] {
            assert!(!admits(other), "{other}");
        }
        assert!(!key.admits(&HeaderMap::new()));
        assert_eq!(format!("{key:?}"), "BearerKey(…)");
    }
}
