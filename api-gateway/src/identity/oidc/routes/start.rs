//! `GET /auth/oidc/start`.

use axum::{
    extract::State,
    http::header,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use service_kit::{ApiError, Query};

use super::required;
use crate::{
    AppState, beacons,
    identity::{
        oidc::{Sent, begun::kept},
        page::{Next, local, refused},
    },
};

/// Sends somebody to the provider.
pub(crate) async fn start(
    State(state): State<AppState>,
    Query(Next { next }): Query<Next>,
) -> Result<Response, ApiError> {
    let oidc = required(&state)?;
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(ApiError::internal)?;
    let begun = oidc.book.begin(local(&next), beacons::now(), random);
    let (begun, cookie) = begun.map_err(ApiError::internal)?;
    match oidc.send(&begun, cookie).await {
        Ok(Sent { to, cookie }) => {
            let unkept = [(header::CACHE_CONTROL, "no-store")];
            Ok((AppendHeaders(kept(&cookie)), unkept, Redirect::to(to.as_str())).into_response())
        }
        Err(refusal) => refused(&state, &refusal, &next, Vec::new()),
    }
}
