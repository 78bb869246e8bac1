//! `POST /auth/refresh`.

use super::{Entrance, entrance, nobody};
use crate::{AppState, beacons, identity::Who};
use axum::{
    extract::State,
    http::{HeaderMap, Method},
    response::Response,
};

/// Gets the next access token by the refresh token's cookie, which is replaced.
#[utoipa::path(post, path = "/auth/refresh", tag = "identity",
    responses((status = 200, body = Entrance), (status = 401)))]
pub(crate) async fn refresh(State(state): State<AppState>, headers: HeaderMap) -> Response {
    match state.identity.renewed(&Method::POST, &headers, beacons::now()).await {
        Who { person: Some(person), access: Some(access), cookies } => {
            entrance(person, access, cookies)
        }
        Who { cookies, .. } => nobody(cookies),
    }
}
