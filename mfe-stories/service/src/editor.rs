//! Who may change stories: who signed in as an editor, and whoever holds the editors' key.

use axum::{extract::FromRequestParts, http::request::Parts};
use service_kit::ApiError;

use crate::{AppState, error::StoriesError};

/// Proof that the request comes from an editor. Extract it before the body, so that nobody else's is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Editor;

impl FromRequestParts<AppState> for Editor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let key = state.editor_key().ok_or(StoriesError::EditingIsOff)?;
        if key.admits(&parts.headers) { Ok(Self) } else { Err(StoriesError::NotAnEditor.into()) }
    }
}
