//! What anybody may see.

use std::sync::PoisonError;

use axum::extract::State;
use registry::{RemoteSummary, Revision, VersionOutcomes, VersionSummary};
use serde::Deserialize;
use service_kit::{ApiError, Json, Path, Query};
use utoipa::IntoParams;

use crate::{AppState, beacons, manifest::unreadable};

const DEFAULT_LIMIT: usize = 20;
const MOST: usize = 100;

/// Lists the remotes.
#[utoipa::path(get, path = "/registry/v1/remotes", tag = "registry",
    responses((status = 200, body = Vec<RemoteSummary>)))]
pub(crate) async fn remotes(
    State(state): State<AppState>,
) -> Result<Json<Vec<RemoteSummary>>, ApiError> {
    state.registry.remotes().await.map(Json).map_err(unreadable)
}

/// Lists the published versions of a remote, the highest first.
#[utoipa::path(get, path = "/registry/v1/remotes/{name}/versions", tag = "registry",
    params(("name" = String, Path)),
    responses((status = 200, body = Vec<VersionSummary>), (status = 404)))]
pub(crate) async fn versions(
    State(state): State<AppState>,
    Path(name): Path<String>,
) -> Result<Json<Vec<VersionSummary>>, ApiError> {
    let found = state.registry.versions(&name).await.map_err(unreadable)?;
    if found.is_empty() {
        let detail = format!("No version of `{name}` is published.");
        return Err(ApiError::not_found("no-such-remote", detail));
    }
    Ok(Json(found))
}

/// Which part of the history.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct History {
    /// Only revisions older than this.
    before: Option<u64>,
    /// 1–100, default 20.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// Lists the history, newest first.
#[utoipa::path(get, path = "/registry/v1/revisions", tag = "registry", params(History),
    responses((status = 200, body = Vec<Revision>), (status = 422)))]
pub(crate) async fn revisions(
    State(state): State<AppState>,
    Query(History { before, limit }): Query<History>,
) -> Result<Json<Vec<Revision>>, ApiError> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MOST).contains(&limit) {
        return Err(ApiError::invalid_field("limit", format!("must be 1–{MOST}")));
    }
    state.registry.revisions(before, limit).await.map(Json).map_err(unreadable)
}

/// Shows one revision.
#[utoipa::path(get, path = "/registry/v1/revisions/{revision}", tag = "registry",
    params(("revision" = u64, Path)),
    responses((status = 200, body = Revision), (status = 404)))]
pub(crate) async fn revision(
    State(state): State<AppState>,
    Path(n): Path<u64>,
) -> Result<Json<Revision>, ApiError> {
    let found = state.registry.revision(n).await.map_err(unreadable)?;
    let detail = format!("There is no revision {n}.");
    found.map(Json).ok_or_else(|| ApiError::not_found("no-such-revision", detail))
}

/// Shows how each live version fared in the browsers that this gateway heard of.
#[utoipa::path(get, path = "/registry/v1/outcomes", tag = "registry",
    responses((status = 200, body = Vec<VersionOutcomes>)))]
pub(crate) async fn outcomes(State(state): State<AppState>) -> Json<Vec<VersionOutcomes>> {
    let mut outcomes = state.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
    Json(outcomes.list(beacons::now()))
}
