//! An industry's stories, grouped by capability.

use axum::extract::State;
use mfe_industries_api::Categories;
use service_kit::{ApiError, Json, Path};

use crate::AppState;

/// Returns an industry's stories, grouped by capability.
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
pub(super) async fn categories(
    State(state): State<AppState>,
    Path(slug): Path<String>,
) -> Result<Json<Categories>, ApiError> {
    Ok(Json(state.industry(slug, Clone::clone)?))
}
