//! What changes what is live or kept. A new revision is already served when its answer arrives.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use contract::ANY_NAME;
use registry::{
    GcReport, GcRequest, RegistryError, ReleaseRequest, Revision, RollbackRequest, Verb,
};
use service_kit::{ApiError, Json};

use super::{auth::Caller, error::refused, if_match::IfMatch};
use crate::AppState;

/// Makes a published version live, or puts it on trial.
#[utoipa::path(post, path = "/registry/v1/releases", tag = "registry", request_body = ReleaseRequest,
    params(("if-match" = Option<String>, Header, description = "The revision that was decided on, in quotes")),
    responses((status = 201, body = Revision, description = "Its ETag is the new revision"),
        (status = 401), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub(crate) async fn release(
    State(state): State<AppState>,
    caller: Caller,
    IfMatch(expected): IfMatch,
    Json(request): Json<ReleaseRequest>,
) -> Result<Response, ApiError> {
    caller.may(Verb::Release, &request.remote)?;
    let request = ReleaseRequest { who: caller.who(), ..request };
    let made = state.registry.release(&request, expected).await;
    answer(&state, made).await
}

/// Takes the newest release of a remote back.
#[utoipa::path(post, path = "/registry/v1/rollbacks", tag = "registry", request_body = RollbackRequest,
    params(("if-match" = Option<String>, Header, description = "The revision that was decided on, in quotes")),
    responses((status = 201, body = Revision, description = "Its ETag is the new revision"),
        (status = 401), (status = 403), (status = 404), (status = 409), (status = 412), (status = 422)))]
pub(crate) async fn rollback(
    State(state): State<AppState>,
    caller: Caller,
    IfMatch(expected): IfMatch,
    Json(request): Json<RollbackRequest>,
) -> Result<Response, ApiError> {
    caller.may(Verb::Rollback, &request.remote)?;
    let request = RollbackRequest { who: caller.who(), ..request };
    let made = state.registry.rollback(&request, expected).await;
    answer(&state, made).await
}

/// Removes versions that nothing needs any more.
#[utoipa::path(post, path = "/registry/v1/gc", tag = "registry", request_body = GcRequest,
    responses((status = 200, body = GcReport), (status = 401), (status = 403), (status = 422)))]
pub(crate) async fn gc(
    State(state): State<AppState>,
    caller: Caller,
    Json(request): Json<GcRequest>,
) -> Result<Json<GcReport>, ApiError> {
    caller.may(Verb::Gc, ANY_NAME)?;
    let request = GcRequest { who: caller.who(), ..request };
    state.registry.gc(&request).await.map(Json).map_err(refused)
}

async fn answer(
    state: &AppState,
    made: Result<Revision, RegistryError>,
) -> Result<Response, ApiError> {
    let revision = made.map_err(refused)?;
    state.manifests.refresh().await;
    let etag = [(header::ETAG, format!("\"{}\"", revision.revision))];
    Ok((StatusCode::CREATED, etag, Json(revision)).into_response())
}
