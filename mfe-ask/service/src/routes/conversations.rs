//! `GET /api/ask/conversations`, and `PATCH` and `DELETE` of one.

use axum::{extract::State, http::StatusCode};
use contract::Problem;
use mfe_ask_api::{Conversation, ConversationList, LONGEST_TITLE, Rename};
use service_kit::{ApiError, Json, Path};

use crate::{AppState, Asker, Session};

/// The session's conversations, the last one that was asked something first, and what is shared with it.
#[utoipa::path(
    get,
    path = mfe_ask_api::CONVERSATIONS,
    responses(
        (status = 200, body = ConversationList),
        (status = 401, body = Problem),
    ),
)]
pub(super) async fn list(
    State(state): State<AppState>,
    asker: Asker,
) -> Result<Json<ConversationList>, ApiError> {
    let conversations = state.conversations.list(asker.session()).await?;
    let shared = state.conversations.shared(&asker).await?;
    let organisation = asker.shares_in().map(str::to_owned);
    Ok(Json(ConversationList { conversations, shared, organisation }))
}

/// Gives a conversation another title.
#[utoipa::path(
    patch,
    path = mfe_ask_api::CONVERSATION,
    params(("id" = String, Path, description = "Of a conversation of the session")),
    request_body = Rename,
    responses(
        (status = 200, body = Conversation),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 413, body = Problem),
        (status = 422, body = Problem),
        (status = 507, body = Problem),
    ),
)]
pub(super) async fn rename(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<String>,
    Json(Rename { title }): Json<Rename>,
) -> Result<Json<Conversation>, ApiError> {
    let title = title.trim();
    let fits = (1..=LONGEST_TITLE).contains(&title.chars().count())
        && !title.chars().any(char::is_control);
    if !fits {
        let why = format!("must have 1–{LONGEST_TITLE} characters on one line");
        return Err(ApiError::invalid_field("title", why));
    }
    Ok(Json(state.conversations.rename(&session, &id, title.to_owned()).await?))
}

/// Removes a conversation with all its messages.
#[utoipa::path(
    delete,
    path = mfe_ask_api::CONVERSATION,
    params(("id" = String, Path, description = "Of a conversation of the session")),
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 507, body = Problem),
    ),
)]
pub(super) async fn delete(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    state.conversations.delete(&session, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
