//! Who may change stories: whoever holds the editors' key.
//!
//! Not here: people and roles. The gateway will know them; until then one key per installation.

use std::{fmt, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use service_kit::ApiError;
use subtle::ConstantTimeEq;

use crate::{AppState, error::StoriesError};

/// The editors' key. Never shown, also not by `Debug`.
#[derive(Clone)]
pub struct EditorKey(Arc<str>);

impl EditorKey {
    /// Returns the key made of `secret`.
    #[must_use]
    pub fn new(secret: String) -> Self {
        Self(secret.into())
    }

    /// Tells whether `given` is the key, in a time that tells nothing about where they differ.
    fn admits(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

impl fmt::Debug for EditorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EditorKey(…)")
    }
}

/// Proof that the request comes from an editor. Extract it before the body, so that nobody else's is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Editor;

impl FromRequestParts<AppState> for Editor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let key = state.editor_key().ok_or(StoriesError::EditingIsOff)?;
        let admitted = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .is_some_and(|(scheme, given)| {
                scheme.eq_ignore_ascii_case("bearer") && key.admits(given.trim())
            });
        if admitted { Ok(Self) } else { Err(StoriesError::NotAnEditor.into()) }
    }
}
