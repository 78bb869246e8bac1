//! Search by words.

use axum::extract::State;
use contract::Problem;
use mfe_search_api::{KEYWORD, SearchRequest, SearchResponse};
use service_kit::{ApiError, Json};

use crate::{AppState, SearchError, search};

/// Finds stories by words; an empty query lists them, newest first.
#[utoipa::path(
    post,
    path = KEYWORD,
    request_body = SearchRequest,
    responses(
        (status = 200, body = SearchResponse),
        (status = 422, description = "a field is unknown or out of range", body = Problem),
        (status = 503, description = "`not-ready`: never filled yet", body = Problem),
    )
)]
pub(super) async fn keyword(
    State(state): State<AppState>,
    Json(request): Json<SearchRequest>,
) -> Result<Json<SearchResponse>, ApiError> {
    state.check_ready()?;
    let snapshot = state.published.latest();
    // Milliseconds of CPU and page faults of the mapped index: too long for a thread that also serves
    // sockets, and handing it over costs microseconds.
    let searching = tokio::task::spawn_blocking(move || search(&snapshot, &request));
    Ok(Json(searching.await.map_err(SearchError::from)??))
}
