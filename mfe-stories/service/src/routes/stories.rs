//! Stories: the list, one, and changing one.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use mfe_stories_api::{ListQuery, STORIES, Story, StoryPage, StorySummary};
use service_kit::{ApiError, Json, Path, Query};

use crate::{AppState, editor::Editor, error::StoriesError, listing::Listing, validate};

/// Returns one page of the stories that all filters let through.
#[utoipa::path(
    get,
    path = STORIES,
    tag = "stories",
    params(ListQuery),
    responses(
        (status = OK, body = StoryPage),
        (status = BAD_REQUEST, body = contract::Problem),
        (status = UNPROCESSABLE_ENTITY, body = contract::Problem),
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Query(query): Query<ListQuery>,
) -> Result<Json<StoryPage>, ApiError> {
    let listing = Listing::from_query(query).map_err(StoriesError::Invalid)?;
    let (page, per_page) = (listing.page, listing.per_page);
    let (stories, total) = state.with_store(move |store| store.list(&listing)).await?;
    let results = stories.into_iter().map(summary).collect();
    Ok(Json(StoryPage { results, page, per_page, total }))
}

/// Returns one story, or 304 when `If-None-Match` names the version that it has.
#[utoipa::path(
    get,
    path = "/api/stories/{id}",
    tag = "stories",
    params(("id" = String, Path, description = "Of the story")),
    responses(
        (status = OK, body = Story),
        (status = NOT_MODIFIED),
        (status = NOT_FOUND, body = contract::Problem),
    )
)]
pub(super) async fn one(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let wanted = id.clone();
    let stored = state
        .with_store(move |store| store.get(&wanted))
        .await?
        .ok_or(StoriesError::UnknownStory(id))?;
    let etag = etag(&stored.version);
    let validators = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, "no-cache".into())];
    if knows(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, validators).into_response());
    }
    Ok((validators, Json(stored.story)).into_response())
}

/// Adds or replaces a story. For editors.
#[utoipa::path(
    put,
    path = "/api/stories/{id}",
    tag = "editing",
    params(("id" = String, Path, description = "Of the story")),
    request_body = Story,
    responses(
        (status = OK, body = Story, description = "Replaced"),
        (status = CREATED, body = Story, description = "Added"),
        (status = UNAUTHORIZED, body = contract::Problem),
        (status = FORBIDDEN, body = contract::Problem, description = "Editing is off"),
        (status = UNPROCESSABLE_ENTITY, body = contract::Problem),
    )
)]
pub(super) async fn put(
    State(state): State<AppState>,
    _: Editor,
    Path(id): Path<String>,
    Json(story): Json<Story>,
) -> Result<Response, ApiError> {
    let problems = validate::problems(&id, &story);
    if !problems.is_empty() {
        return Err(StoriesError::Invalid(problems).into());
    }
    let (story, version, is_new) = state
        .with_store(move |store| store.put(&story).map(|(version, new)| (story, version, new)))
        .await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [(header::ETAG, etag(&version))], Json(story)).into_response())
}

/// Removes a story. For editors.
#[utoipa::path(
    delete,
    path = "/api/stories/{id}",
    tag = "editing",
    params(("id" = String, Path, description = "Of the story")),
    responses(
        (status = NO_CONTENT),
        (status = UNAUTHORIZED, body = contract::Problem),
        (status = FORBIDDEN, body = contract::Problem, description = "Editing is off"),
        (status = NOT_FOUND, body = contract::Problem),
    )
)]
pub(super) async fn delete(
    State(state): State<AppState>,
    _: Editor,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let wanted = id.clone();
    if state.with_store(move |store| store.delete(&wanted)).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(StoriesError::UnknownStory(id).into())
}

/// Returns the story as it stands in a list.
pub(super) fn summary(story: Story) -> StorySummary {
    StorySummary {
        id: story.id,
        title: story.title,
        client: story.client,
        role: story.role,
        industry: story.industry,
        capability: story.capability,
        sub_category: story.sub_category,
        era: story.era,
        theme: story.theme,
        start: story.start,
        end: story.end,
        summary: story.summary,
    }
}

fn etag(version: &str) -> String {
    ["\"", version, "\""].concat()
}

/// Tells whether `If-None-Match` lists `etag`; a weak form of it counts (RFC 9110, 13.1.2).
fn knows(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == etag)
}
