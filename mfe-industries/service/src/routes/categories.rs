//! An industry's stories, grouped by capability: all of them, and those of one.

use axum::extract::State;
use mfe_industries_api::Categories;
use service_kit::{ApiError, Json, Path};

use crate::{AppState, error::IndustriesError};

/// Returns an industry's stories, grouped by capability and laid out by client and time.
#[utoipa::path(
    get,
    path = "/api/industries/{slug}/categories",
    tag = "industries",
    params(("slug" = String, Path, description = "Of the industry")),
    responses(
        (status = OK, body = Categories),
        (status = NOT_FOUND, body = contract::Problem),
        (status = SERVICE_UNAVAILABLE, body = contract::Problem, description = "Not ready yet"),
    )
)]
pub(super) async fn all(
    State(state): State<AppState>,
    Path(slug): Path<String>,
) -> Result<Json<Categories>, ApiError> {
    Ok(Json(state.industry(slug, |found| found.whole.clone())?))
}

/// Returns the same, narrowed to one capability.
#[utoipa::path(
    get,
    path = "/api/industries/{slug}/categories/{capability}",
    tag = "industries",
    params(
        ("slug" = String, Path, description = "Of the industry"),
        ("capability" = String, Path, description = "Slug of the capability"),
    ),
    responses(
        (status = OK, body = Categories),
        (status = NOT_FOUND, body = contract::Problem),
        (status = SERVICE_UNAVAILABLE, body = contract::Problem, description = "Not ready yet"),
    )
)]
pub(super) async fn one(
    State(state): State<AppState>,
    Path((slug, capability)): Path<(String, String)>,
) -> Result<Json<Categories>, ApiError> {
    let narrowed =
        state.industry(slug.clone(), |found| found.narrowed.get(&capability).cloned())?;
    Ok(Json(narrowed.ok_or(IndustriesError::UnknownCapability { slug, capability })?))
}
