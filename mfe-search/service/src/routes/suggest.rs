//! What the typed beginning may become.

use axum::extract::State;
use contract::Problem;
use mfe_search_api::{SUGGEST, Suggestions};
use serde::Deserialize;
use service_kit::{ApiError, Json, Query};
use utoipa::IntoParams;

use crate::{AppState, SearchError};

/// Longest `q` in characters.
const LONGEST: usize = 200;

/// What was typed so far.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SuggestQuery {
    /// At most 200 characters; empty suggests nothing.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
}

/// Suggests titles, clients and capabilities, at most 8.
#[utoipa::path(
    get,
    path = SUGGEST,
    params(SuggestQuery),
    responses(
        (status = 200, body = Suggestions),
        (status = 422, description = "`q` is too long", body = Problem),
        (status = 503, description = "`not-ready`: never filled yet", body = Problem),
    )
)]
pub(super) async fn suggest(
    State(state): State<AppState>,
    Query(SuggestQuery { q }): Query<SuggestQuery>,
) -> Result<Json<Suggestions>, ApiError> {
    if q.chars().count() > LONGEST {
        let detail = "must be at most 200 characters";
        return Err(SearchError::Invalid { field: "q", detail }.into());
    }
    state.check_ready()?;
    // Compares some hundred short names in memory, well under a millisecond: not worth a thread.
    Ok(Json(crate::suggest(&state.published.latest(), &q)))
}
