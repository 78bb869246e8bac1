//! Who may release: whoever holds the one configured key.

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header, request::Parts},
};
use service_kit::ApiError;
use sha2::{Digest, Sha256};

use crate::{AppState, KeyDigest};

/// Somebody who may release, by a name for the history.
#[derive(Debug)]
pub(crate) struct Releaser(pub(crate) String);

impl FromRequestParts<AppState> for Releaser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Some(key) = state.registry_key else {
            let detail = "This gateway has no registry key, so nothing can be released through it.";
            return Err(ApiError::new(StatusCode::FORBIDDEN, "no-registry-key", detail));
        };
        let given = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        if given.is_some_and(|token| is_key(token, key)) {
            return Ok(Self(key.name()));
        }
        let detail = "Send `Authorization: Bearer <key>` with the registry key.";
        Err(ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
            .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")))
    }
}

/// Compares every byte, so that the time says nothing about how many are right.
fn is_key(token: &str, key: KeyDigest) -> bool {
    let given = Sha256::digest(token);
    given.iter().zip(key.0).fold(0, |differences, (a, b)| differences | (a ^ b)) == 0
}
