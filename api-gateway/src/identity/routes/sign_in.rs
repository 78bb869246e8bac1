//! `POST /auth/sign-in`.

use std::net::IpAddr;

use axum::{
    extract::State,
    http::{Extensions, HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use service_kit::{ApiError, Json};
use utoipa::ToSchema;

use super::{Entrance, entrance};
use crate::{AppState, beacons, identity::SignedIn, layers::client_address, origin};

/// A name, its password, and the code of the second factor if there is one.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    pub(crate) name: String,
    pub(crate) password: String,
    #[serde(default)]
    pub(crate) code: Option<String>,
}

/// Signs somebody in.
#[utoipa::path(post, path = "/auth/sign-in", tag = "identity", request_body = Credentials,
    responses((status = 200, body = Entrance),
        (status = 401, description = "`wrong-credentials`, whether there is such an account or not; `code-required`"),
        (status = 403, description = "From another site's page, or passwords are switched off"),
        (status = 404, description = "This site has no accounts"), (status = 422),
        (status = 429, description = "Too many tries, see Retry-After"), (status = 503)))]
pub(crate) async fn sign_in(
    State(state): State<AppState>,
    extensions: Extensions,
    headers: HeaderMap,
    Json(credentials): Json<Credentials>,
) -> Result<Response, ApiError> {
    from_ours(&headers)?;
    passwords(&state)?;
    let signed_in =
        state.identity.sign_in(counted(&state, &extensions), credentials, beacons::now()).await?;
    let SignedIn { person, access, cookies } = signed_in;
    Ok(entrance(person, access, cookies))
}

/// Refuses other sites' pages: they could sign somebody in as somebody else.
pub(crate) fn from_ours(headers: &HeaderMap) -> Result<(), ApiError> {
    if origin::is_ours(headers) {
        return Ok(());
    }
    let detail = "This works from a page of this site only.";
    Err(ApiError::new(StatusCode::FORBIDDEN, "cross-site", detail))
}

/// Refuses passwords where they are switched off.
pub(crate) fn passwords(state: &AppState) -> Result<(), ApiError> {
    if state.current().config.passwords {
        return Ok(());
    }
    let detail = "Nobody signs in by a password here. Open /sign-in in a browser.";
    Err(ApiError::new(StatusCode::FORBIDDEN, "no-passwords", detail))
}

/// Returns the address for which a try counts, if addresses tell callers apart here.
pub(crate) fn counted(state: &AppState, extensions: &Extensions) -> Option<IpAddr> {
    client_address(extensions).filter(|_| state.current().config.sessions_per_address > 0)
}
