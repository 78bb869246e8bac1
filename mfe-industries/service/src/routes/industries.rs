//! Industries: all of them, and one.

use axum::extract::State;
use mfe_industries_api::{INDUSTRIES, Industries, Industry};
use service_kit::{ApiError, Json, Path};

use crate::AppState;

/// Returns all industries, most stories first.
#[utoipa::path(
    get,
    path = INDUSTRIES,
    tag = "industries",
    responses(
        (status = OK, body = Industries),
        (status = SERVICE_UNAVAILABLE, body = contract::Problem, description = "Not ready yet"),
    )
)]
pub(super) async fn list(State(state): State<AppState>) -> Result<Json<Industries>, ApiError> {
    Ok(Json(state.latest()?.industries.clone()))
}

/// Returns one industry.
#[utoipa::path(
    get,
    path = "/api/industries/{slug}",
    tag = "industries",
    params(("slug" = String, Path, description = "Of the industry")),
    responses(
        (status = OK, body = Industry),
        (status = NOT_FOUND, body = contract::Problem),
        (status = SERVICE_UNAVAILABLE, body = contract::Problem, description = "Not ready yet"),
    )
)]
pub(super) async fn one(
    State(state): State<AppState>,
    Path(slug): Path<String>,
) -> Result<Json<Industry>, ApiError> {
    Ok(Json(state.industry(slug, |found| found.whole.industry.clone())?))
}
