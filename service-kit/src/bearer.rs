//! How a request shows that it comes from somebody with a role.
//!
//! Two ways. A secret that its holder shows as `Authorization: Bearer …`, one for a role and an installation:
//! for programs, and for sites without accounts. Or what the gateway says about somebody who signed in
//! ([`ROLES`]), which counts only beside the key that gateway and services share ([`EDGE`]): who reaches a
//! service past the gateway can write any header, and does not have that key.
//!
//! Not here: accounts, and who has which role. The gateway knows.

use std::{fmt, sync::Arc};

use axum::http::{HeaderMap, HeaderValue, header, header::InvalidHeaderValue};
use subtle::ConstantTimeEq;

use crate::{
    caller::is_told,
    env::{self, EnvError},
};

/// Header with the account's id of who signed in. Set by the gateway, whatever a client sends.
pub const ACCOUNT: &str = "x-asterism-account";
/// Header with their roles, separated by commas. Set by the gateway, whatever a client sends.
pub const ROLES: &str = "x-asterism-roles";
/// Header with the key by which services believe the others ([`is_told`]).
pub const EDGE: &str = "x-asterism-edge";

/// Has every role.
const ADMIN: &str = "admin";

/// What admits to a role. Never shown, also not by `Debug`.
#[derive(Clone)]
pub struct BearerKey {
    secret: Option<Arc<str>>,
    edge: Option<Edge>,
}

#[derive(Clone)]
struct Edge {
    key: EdgeKey,
    role: &'static str,
}

/// The key that gateways, services and what runs beside them share. Never shown, also not by `Debug`.
#[derive(Clone)]
pub struct EdgeKey(Arc<str>);

impl EdgeKey {
    /// Returns the key.
    #[must_use]
    pub fn new(key: String) -> Self {
        Self(key.into())
    }

    /// Reads `ASTERISM_EDGE_KEY`.
    ///
    /// # Errors
    /// The variable cannot be read.
    pub fn from_env() -> Result<Option<Self>, EnvError> {
        Ok(env::parsed::<String>("ASTERISM_EDGE_KEY", "a secret")?.map(Self::new))
    }

    /// Returns the header's value for a request to a service.
    ///
    /// # Errors
    /// The key has characters that no header can have.
    pub fn header(&self) -> Result<HeaderValue, InvalidHeaderValue> {
        let mut value = HeaderValue::from_str(&self.0)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Tells whether a request comes from a program of the site for itself: it has the key, and is none that
    /// a gateway forwards for somebody.
    #[must_use]
    pub fn admits(&self, headers: &HeaderMap) -> bool {
        let forwarded = headers.keys().any(|name| name != EDGE && is_told(name.as_str()));
        self.is_in(headers) && !forwarded
    }

    pub(crate) fn is_in(&self, headers: &HeaderMap) -> bool {
        headers.get(EDGE).is_some_and(|given| same(&self.0, given.as_bytes()))
    }
}

impl BearerKey {
    /// Returns what admits holders of `secret`.
    #[must_use]
    pub fn new(secret: String) -> Self {
        Self { secret: Some(secret.into()), edge: None }
    }

    /// Admits those too of whom a gateway with `edge_key` says that they have `role`.
    #[must_use]
    pub fn or_role(self, role: &'static str, edge_key: String) -> Self {
        Self { edge: Some(Edge { key: EdgeKey::new(edge_key), role }), ..self }
    }

    /// Reads what admits to `role`: the secret in `variable`, and `ASTERISM_EDGE_KEY`. `None` without both.
    ///
    /// # Errors
    /// A variable cannot be read.
    pub fn from_env(role: &'static str, variable: &'static str) -> Result<Option<Self>, EnvError> {
        let secret = env::parsed::<String>(variable, "a secret")?.map(Into::into);
        let edge = EdgeKey::from_env()?.map(|key| Edge { key, role });
        Ok((secret.is_some() || edge.is_some()).then_some(Self { secret, edge }))
    }

    /// Tells whether a request is admitted, in a time that tells nothing about where keys differ.
    #[must_use]
    pub fn admits(&self, headers: &HeaderMap) -> bool {
        self.shown(headers) || self.said(headers)
    }

    fn shown(&self, headers: &HeaderMap) -> bool {
        let Some(secret) = &self.secret else { return false };
        bearer(headers).is_some_and(|given| same(secret, given.as_bytes()))
    }

    fn said(&self, headers: &HeaderMap) -> bool {
        let Some(Edge { key, role }) = &self.edge else { return false };
        let roles = headers.get(ROLES).and_then(|value| value.to_str().ok()).unwrap_or_default();
        key.is_in(headers) && roles.split(',').any(|given| given == *role || given == ADMIN)
    }
}

/// Returns the token of `Authorization: Bearer …`.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn same(key: &str, given: &[u8]) -> bool {
    bool::from(key.as_bytes().ct_eq(given))
}

impl fmt::Debug for BearerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerKey(…)")
    }
}

impl fmt::Debug for EdgeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EdgeKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{ACCOUNT, BearerKey, EDGE, EdgeKey, ROLES};

    #[test]
    fn the_edge_key_admits_programs_and_nobody_whom_a_gateway_forwards() {
        let key = EdgeKey::new("shared".to_owned());
        let mut headers = HeaderMap::new();
        assert!(!key.admits(&headers));
        headers.insert(EDGE, key.header().unwrap());
        assert!(key.admits(&headers));
        for name in [ACCOUNT, ROLES] {
            let mut headers = headers.clone();
            headers.insert(name, HeaderValue::from_static(""));
            assert!(!key.admits(&headers), "{name}");
        }
        headers.insert(EDGE, HeaderValue::from_static("share"));
        assert!(!key.admits(&headers));
        assert_eq!(format!("{key:?}"), "EdgeKey(…)");
    }

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

    #[test]
    fn a_role_counts_when_a_gateway_says_it() {
        let key = BearerKey::new("open sesame".to_owned());
        let admits = |key: &BearerKey, edge: &'static str, roles: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(EDGE, HeaderValue::from_static(edge));
            headers.insert(ROLES, HeaderValue::from_static(roles));
            key.admits(&headers)
        };
        assert!(!admits(&key, "", "editor") && !admits(&key, "shared", "editor"), "no edge key");
        let key = key.or_role("editor", "shared".to_owned());
        for roles in ["editor", "analyst,editor", "admin"] {
            assert!(admits(&key, "shared", roles), "{roles}");
            assert!(!admits(&key, "shares", roles) && !admits(&key, "", roles), "{roles}");
        }
        for roles in ["", "analyst", "editors", "publisher:editor", "Editor"] {
            assert!(!admits(&key, "shared", roles), "{roles}");
        }
    }
}
