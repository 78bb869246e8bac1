//! `GET /api/ask/history`.

use axum::extract::State;
use contract::Problem;
use mfe_ask_api::History;
use serde::Deserialize;
use service_kit::{ApiError, Json, Query};
use utoipa::IntoParams;

use crate::{AppState, Asker, standing};

const USUAL: u32 = 50;
const MOST: u32 = 200;

/// Which stretch.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Stretch {
    /// Of the session, or shared with it.
    conversation_id: String,
    /// The `earlier` of a later stretch; the end of the conversation without it.
    before: Option<String>,
    /// 1–200 messages, 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// A stretch of a conversation, from its end on.
///
/// Each cited story says whether it is still there and still says so.
#[utoipa::path(
    get,
    path = mfe_ask_api::HISTORY,
    params(Stretch),
    responses(
        (status = 200, body = History),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 422, body = Problem),
    ),
)]
pub(super) async fn history(
    State(state): State<AppState>,
    asker: Asker,
    Query(Stretch { conversation_id, before, limit }): Query<Stretch>,
) -> Result<Json<History>, ApiError> {
    let limit = limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(ApiError::invalid_field("limit", format!("must be 1–{MOST}")));
    }
    let mut history = state.conversations.history(asker, &conversation_id, before, limit).await?;
    // While the stories are not read yet nothing is known against any of them.
    if let Ok(snapshot) = state.snapshot() {
        standing::review(&snapshot.corpus, &mut history);
    }
    Ok(Json(history))
}
