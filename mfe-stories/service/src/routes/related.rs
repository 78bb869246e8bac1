//! Stories like one.

use axum::extract::State;
use mfe_stories_api::{Related, RelatedStory};
use serde::Deserialize;
use service_kit::{ApiError, Json, Path, Query};
use utoipa::IntoParams;

use crate::{AppState, Store, error::StoriesError, related::Match, store::StoreError};

/// How many.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RelatedQuery {
    /// 1–20; 4 by default.
    #[param(minimum = 1, maximum = 20)]
    limit: Option<usize>,
    /// Whether stories about the person may be among them; not by default.
    narrative: Option<bool>,
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
    let (wanted, narrative) = (id.clone(), query.narrative.unwrap_or_default());
    let near = state.near();
    let results = state
        .with_store(move |store| {
            let Some(found) = near.rank(store, &wanted, limit, narrative)? else { return Ok(None) };
            read(store, found).map(Some)
        })
        .await?;
    Ok(Json(Related { results: results.ok_or(StoriesError::UnknownStory(id))? }))
}

fn read(store: &Store, found: Vec<Match>) -> Result<Vec<RelatedStory>, StoreError> {
    let mut results = Vec::with_capacity(found.len());
    for Match { id, reason } in found {
        // One that was deleted a moment ago is left out.
        if let Some(stored) = store.get(&id)? {
            results.push(RelatedStory { story: stored.story.into(), reason });
        }
    }
    Ok(results)
}
