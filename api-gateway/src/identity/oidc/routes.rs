//! `/auth/oidc/…`: to the provider and back. Both answer people's browsers, with pages.

pub(crate) mod callback;
pub(crate) mod start;

use service_kit::ApiError;

use super::Oidc;
use crate::AppState;

fn required(state: &AppState) -> Result<&Oidc, ApiError> {
    let detail = "On this site nobody signs in elsewhere.";
    state.oidc.as_ref().ok_or_else(|| ApiError::not_found("no-provider", detail))
}
