//! `POST /api/ask/feedback`.

use axum::{extract::State, http::StatusCode};
use contract::Problem;
use mfe_ask_api::{Feedback, LONGEST_REASON};
use service_kit::{ApiError, Json};
use time::OffsetDateTime;

use crate::{AppState, Session};

/// Keeps what a person says of an answer; a later one replaces it.
#[utoipa::path(
    post,
    path = mfe_ask_api::FEEDBACK,
    request_body = Feedback,
    responses(
        (status = 204),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "The message has no answer yet"),
        (status = 413, body = Problem),
        (status = 422, body = Problem),
        (status = 507, body = Problem),
    ),
)]
pub(super) async fn feedback(
    State(state): State<AppState>,
    session: Session,
    Json(feedback): Json<Feedback>,
) -> Result<StatusCode, ApiError> {
    let reason = feedback.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|reason| reason.chars().count() > LONGEST_REASON) {
        let why = format!("must have at most {LONGEST_REASON} characters");
        return Err(ApiError::invalid_field("reason", why));
    }
    let feedback = Feedback { reason: reason.map(str::to_owned), ..feedback };
    state.conversations.feedback(&session, feedback, OffsetDateTime::now_utc()).await?;
    Ok(StatusCode::NO_CONTENT)
}
