//! Stories: the list, one, and changing one.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use mfe_stories_api::{ListQuery, STORIES, Story, StoryPage, problems};
use service_kit::{ApiError, Json, Path, Query, REVALIDATED};

use crate::{
    AppState,
    condition::{Condition, etag},
    editor::Editor,
    error::StoriesError,
    events,
    listing::Listing,
    store::{Changed, Removed},
};

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
    let results = stories.into_iter().map(Into::into).collect();
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
    method: Method,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let wanted = id.clone();
    let stored = state
        .with_store(move |store| store.get(&wanted))
        .await?
        .ok_or(StoriesError::UnknownStory(id))?;
    if let Some(views) = state.views().filter(|_| method == Method::GET) {
        events::Viewed::of(&stored.story.id, &headers).tell(views);
    }
    let tag = HeaderValue::try_from(etag(&stored.version)).map_err(ApiError::internal)?;
    let validators = [(header::ETAG, tag), (header::CACHE_CONTROL, REVALIDATED)];
    if Condition::of(&headers).knows(&stored.version) {
        return Ok((StatusCode::NOT_MODIFIED, validators).into_response());
    }
    Ok((validators, Json(stored.story)).into_response())
}

/// Adds or replaces a story. For editors.
///
/// With `If-Match` only the version that it names is replaced, with `If-None-Match: *` the story is only
/// added; otherwise 412.
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
        (status = PRECONDITION_FAILED, body = contract::Problem, description = "Stale version"),
        (status = UNPROCESSABLE_ENTITY, body = contract::Problem),
    )
)]
pub(super) async fn put(
    State(state): State<AppState>,
    _: Editor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(story): Json<Story>,
) -> Result<Response, ApiError> {
    let problems = problems(&id, &story);
    if !problems.is_empty() {
        return Err(StoriesError::Invalid(problems).into());
    }
    let condition = Condition::of(&headers);
    let (story, changed) = state
        .with_store(move |store| store.put(&story, &condition).map(|changed| (story, changed)))
        .await?;
    let (status, version) = match changed {
        Changed::Added(version) => (StatusCode::CREATED, version),
        Changed::Replaced(version) => (StatusCode::OK, version),
        Changed::Refused(current) => return Err(StoriesError::Stale(current).into()),
    };
    Ok((status, [(header::ETAG, etag(&version))], Json(story)).into_response())
}

/// Removes a story, with `If-Match` only the version that it names. For editors.
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
        (status = PRECONDITION_FAILED, body = contract::Problem, description = "Stale version"),
    )
)]
pub(super) async fn delete(
    State(state): State<AppState>,
    _: Editor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let (wanted, condition) = (id.clone(), Condition::of(&headers));
    match state.with_store(move |store| store.delete(&wanted, &condition)).await? {
        Removed::Done => Ok(StatusCode::NO_CONTENT),
        Removed::Refused(current) => Err(StoriesError::Stale(Some(current)).into()),
        // Also with a condition: without one it would be 404 too (RFC 9110, 13.2.1).
        Removed::Unknown => Err(StoriesError::UnknownStory(id).into()),
    }
}
