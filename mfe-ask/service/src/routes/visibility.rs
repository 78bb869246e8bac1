//! `PUT /api/ask/conversations/{id}/visibility`.

use axum::extract::State;
use contract::Problem;
use mfe_ask_api::{Conversation, VisibilityChange};
use service_kit::{ApiError, Json, Path};
use time::OffsetDateTime;

use crate::{AppState, Asker};

/// Lets the organisation of who owns a conversation read it, or nobody else any more.
#[utoipa::path(
    put,
    path = mfe_ask_api::VISIBILITY,
    params(("id" = String, Path, description = "Of a conversation of the account")),
    request_body = VisibilityChange,
    responses(
        (status = 200, body = Conversation),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "Who asks has no organisation"),
        (status = 413, body = Problem),
        (status = 422, body = Problem),
        (status = 507, body = Problem),
    ),
)]
pub(super) async fn change(
    State(state): State<AppState>,
    asker: Asker,
    Path(id): Path<String>,
    Json(VisibilityChange { visibility }): Json<VisibilityChange>,
) -> Result<Json<Conversation>, ApiError> {
    let now = OffsetDateTime::now_utc();
    Ok(Json(state.conversations.show(&asker, &id, visibility, now).await?))
}
