//! The feed of changes, for other domains.

use std::time::Duration;

use axum::extract::State;
use contract::FeedPage;
use mfe_stories_api::{FEED, Story};
use serde::Deserialize;
use service_kit::{ApiError, Json, Query};
use utoipa::IntoParams;

use crate::{AppState, cursor::Cursor, error::StoriesError};

/// Where to go on, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FeedQuery {
    /// `cursor` of the last page; absent at the beginning.
    after: Option<String>,
    /// 1–500; 200 by default.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Seconds to wait for a change when there is none, 0–30; 0 by default.
    #[param(maximum = 30)]
    wait: Option<u64>,
}

/// Returns the changes after a cursor, oldest first, waiting for one if asked to.
#[utoipa::path(
    get,
    path = FEED,
    tag = "feed",
    params(FeedQuery),
    responses(
        (status = OK, body = FeedPage<Story>),
        (status = BAD_REQUEST, body = contract::Problem, description = "Malformed cursor"),
        (status = GONE, body = contract::Problem, description = "The store was made anew: begin again"),
        (status = UNPROCESSABLE_ENTITY, body = contract::Problem),
    )
)]
pub(super) async fn feed(
    State(state): State<AppState>,
    Query(query): Query<FeedQuery>,
) -> Result<Json<FeedPage<Story>>, ApiError> {
    let limit = query.limit.unwrap_or(200);
    if !(1..=500).contains(&limit) {
        return Err(StoriesError::field("limit", "must be from 1 to 500").into());
    }
    let wait = query.wait.unwrap_or(0);
    if wait > 30 {
        return Err(StoriesError::field("wait", "must be from 0 to 30 seconds").into());
    }
    let after =
        query.after.as_deref().map(str::parse).transpose().map_err(StoriesError::BadCursor)?;

    // Before the first look, or a change between look and wait would be missed.
    let mut changed = state.changes();
    let page = read(&state, after.clone(), limit).await?;
    if wait == 0 || !page.changes.is_empty() {
        return Ok(Json(page));
    }
    tokio::select! {
        _ = changed.changed() => Ok(Json(read(&state, after, limit).await?)),
        () = tokio::time::sleep(Duration::from_secs(wait)) => Ok(Json(page)),
        () = state.closed() => Ok(Json(page)),
    }
}

async fn read(
    state: &AppState,
    after: Option<Cursor>,
    limit: u32,
) -> Result<FeedPage<Story>, StoriesError> {
    let page = state.with_store(move |store| store.feed(after.as_ref(), limit)).await?;
    page.ok_or(StoriesError::StaleCursor)
}
