//! `POST /auth/sign-out`.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{AppendHeaders, IntoResponse, Response},
};
use service_kit::ApiError;

use super::sign_in::from_ours;
use crate::AppState;

/// Ends what this browser is signed in by. Also works for who is not.
#[utoipa::path(post, path = "/auth/sign-out", tag = "identity",
    responses((status = 204), (status = 403, description = "From another site's page"),
        (status = 404, description = "This site has no accounts")))]
pub(crate) async fn sign_out(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    from_ours(&headers)?;
    let cookies = state.identity.sign_out(&headers).await?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cookies)).into_response())
}
