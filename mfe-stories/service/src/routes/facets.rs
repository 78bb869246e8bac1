//! How many stories each value of each facet has.

use axum::extract::State;
use mfe_stories_api::{FACETS, Facets};
use service_kit::{ApiError, Json};

use crate::{AppState, Store};

/// Counts the stories by facet.
#[utoipa::path(get, path = FACETS, tag = "stories", responses((status = OK, body = Facets)))]
pub(super) async fn facets(State(state): State<AppState>) -> Result<Json<Facets>, ApiError> {
    Ok(Json(state.with_store(Store::facets).await?))
}
