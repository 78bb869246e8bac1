//! The three ways to search. They differ in the mode only.

use std::time::Instant;

use axum::extract::State;
use contract::Problem;
use mfe_search_api::{HYBRID, KEYWORD, Mode, SEMANTIC, SearchRequest, SearchResponse};
use service_kit::{ApiError, Json};
use time::OffsetDateTime;

use crate::{AppState, SearchError, cache::Key, events::Executed, search};

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
    answer(state, Mode::Keyword, request).await
}

/// Finds stories by meaning.
#[utoipa::path(
    post,
    path = SEMANTIC,
    request_body = SearchRequest,
    responses(
        (status = 200, body = SearchResponse),
        (status = 422, description = "a field is unknown or out of range", body = Problem),
        (status = 501, description = "`meaning-search-is-off`: no model", body = Problem),
        (status = 503, description = "`not-ready` or `meaning-search-unavailable`", body = Problem),
    )
)]
pub(super) async fn semantic(
    State(state): State<AppState>,
    Json(request): Json<SearchRequest>,
) -> Result<Json<SearchResponse>, ApiError> {
    answer(state, Mode::Semantic, request).await
}

/// Finds stories by words and meaning.
#[utoipa::path(
    post,
    path = HYBRID,
    request_body = SearchRequest,
    responses(
        (status = 200, body = SearchResponse),
        (status = 422, description = "a field is unknown or out of range", body = Problem),
        (status = 501, description = "`meaning-search-is-off`: no model", body = Problem),
        (status = 503, description = "`not-ready` or `meaning-search-unavailable`", body = Problem),
    )
)]
pub(super) async fn hybrid(
    State(state): State<AppState>,
    Json(request): Json<SearchRequest>,
) -> Result<Json<SearchResponse>, ApiError> {
    answer(state, Mode::Hybrid, request).await
}

async fn answer(
    state: AppState,
    mode: Mode,
    mut request: SearchRequest,
) -> Result<Json<SearchResponse>, ApiError> {
    let started = Instant::now();
    state.check_ready()?;
    // "kafka" and "kafka " are one search, but whether typing goes on makes them two queries.
    request.query = request.query.trim_start().to_owned();
    let snapshot = state.published.latest();
    let meaning = state.meaning.clone().filter(|_| mode != Mode::Keyword);
    let vectors = meaning.as_ref().map_or(0, |meaning| meaning.generation());
    let key = Key { mode, request: request.clone(), stories: snapshot.generation, vectors };
    // Milliseconds of CPU and page faults of the mapped index: too long for a thread that also serves
    // sockets, and handing it over costs microseconds.
    let searching = async {
        let work = move || search(&snapshot, meaning.as_deref(), mode, &request);
        tokio::task::spawn_blocking(work).await.map_err(SearchError::from)?.map_err(ApiError::from)
    };
    let (found, cached) = state.cache.get(key, searching).await?;
    let mut response = SearchResponse { cached, ..SearchResponse::clone(&found) };
    if cached {
        response.took_ms = started.elapsed().as_secs_f64() * 1000.0;
    }
    if let (Some(events), Some(executed)) = (&state.events, Executed::of(mode, &response)) {
        events.tell(&executed, OffsetDateTime::now_utc());
    }
    Ok(Json(response))
}
