//! `POST /api/ask/stop`.

use axum::{extract::State, http::StatusCode};
use contract::Problem;
use mfe_ask_api::StopRequest;
use service_kit::{ApiError, Json};

use crate::{AppState, Session, error::AskError};

/// Ends an answer that is being made; it is kept as far as it got. One that has ended stays as it is.
#[utoipa::path(
    post,
    path = mfe_ask_api::STOP,
    request_body = StopRequest,
    responses(
        (status = 204, description = "Nothing is done for it any more"),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
    ),
)]
pub(super) async fn stop(
    State(state): State<AppState>,
    session: Session,
    Json(StopRequest { message_id }): Json<StopRequest>,
) -> Result<StatusCode, ApiError> {
    match state.runs.find(&session, &message_id) {
        Some(run) => run.stop(),
        None => {
            let message = state.conversations.message(&session, &message_id).await?;
            message.ok_or(AskError::NoAnswer)?;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
