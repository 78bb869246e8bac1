//! Stories like one.

use axum::extract::State;
use mfe_stories_api::{Related, RelatedStory};
use serde::Deserialize;
use service_kit::{ApiError, Json, Path, Query};
use utoipa::IntoParams;

use super::stories::summary;
use crate::{AppState, Store, error::StoriesError, related::rank, store::StoreError};

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct RelatedQuery {
    /// 1–20; 4 by default.
    limit: Option<usize>,
}

/// Returns the stories most like one, nearest first, with what they share.
#[utoipa::path(
    get,
    path = "/api/stories/{id}/related",
    tag = "stories",
    params(("id" = String, Path, description = "Of the story"), RelatedQuery),
    responses(
        (status = OK, body = Related),
        (status = NOT_FOUND, body = contract::Problem),
        (status = UNPROCESSABLE_ENTITY, body = contract::Problem),
    )
)]
pub(super) async fn related(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(query): Query<RelatedQuery>,
) -> Result<Json<Related>, ApiError> {
    let limit = query.limit.unwrap_or(4);
    if !(1..=20).contains(&limit) {
        return Err(StoriesError::field("limit", "must be from 1 to 20").into());
    }
    let wanted = id.clone();
    let results = state.with_store(move |store| near(store, &wanted, limit)).await?;
    Ok(Json(Related { results: results.ok_or(StoriesError::UnknownStory(id))? }))
}

fn near(store: &Store, id: &str, limit: usize) -> Result<Option<Vec<RelatedStory>>, StoreError> {
    let all = store.sketches()?;
    let Some(story) = all.iter().find(|sketch| sketch.id == id) else { return Ok(None) };
    let mut results = Vec::with_capacity(limit);
    for found in rank(story, &all, limit) {
        // One that was deleted a moment ago is left out.
        if let Some(stored) = store.get(&found.id)? {
            results.push(RelatedStory { story: summary(stored.story), reason: found.reason });
        }
    }
    Ok(Some(results))
}
