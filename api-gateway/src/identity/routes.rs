//! `/auth/…`: signing in and out, and who one is. For programs and for the page's script.
//!
//! Not here: the page for people without script (`page`).

pub(crate) mod me;
pub(crate) mod refresh;
pub(crate) mod sign_in;
pub(crate) mod sign_out;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use serde::Serialize;
use service_kit::{ApiError, Json};
use utoipa::ToSchema;

use super::{Person, access::LIFETIME};

/// Somebody who signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Entrance {
    /// Who.
    #[serde(flatten)]
    person: Person,
    /// For programs: to be sent as `Authorization: Bearer …`. Browsers have it as a cookie.
    access_token: String,
    /// In so many seconds it is worth nothing.
    expires_in: u64,
}

fn entrance(
    person: Person,
    access_token: String,
    cookies: Vec<(HeaderName, HeaderValue)>,
) -> Response {
    let body = Entrance { person, access_token, expires_in: LIFETIME };
    (AppendHeaders(cookies), [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// For who is not signed in.
fn nobody(cookies: Vec<(HeaderName, HeaderValue)>) -> Response {
    let error = ApiError::new(StatusCode::UNAUTHORIZED, "not-signed-in", "Sign in first.");
    (AppendHeaders(cookies), error).into_response()
}
