//! `GET /auth/me`.

use axum::{
    extract::State,
    http::{HeaderMap, Method, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use service_kit::Json;

use super::{Person, nobody};
use crate::{AppState, beacons, identity::Who};

/// Tells who one is.
#[utoipa::path(get, path = "/auth/me", tag = "identity",
    responses((status = 200, body = Person), (status = 401)))]
pub(crate) async fn me(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let Who { person, cookies, .. } =
        state.identity.who(&Method::GET, &headers, beacons::now()).await;
    let Some(person) = person else { return nobody(cookies) };
    let unkept = [(header::CACHE_CONTROL, "no-store")];
    (AppendHeaders(cookies), unkept, Json(person)).into_response()
}
