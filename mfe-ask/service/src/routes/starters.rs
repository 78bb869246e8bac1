//! `GET /api/ask/starters`.

use axum::extract::State;
use contract::Problem;
use mfe_ask_api::Starters;
use service_kit::{ApiError, Json};

use crate::AppState;

/// Questions to begin with; each has an answer.
#[utoipa::path(
    get,
    path = mfe_ask_api::STARTERS,
    responses(
        (status = 200, body = Starters),
        (status = 503, body = Problem),
    ),
)]
pub(super) async fn starters(State(state): State<AppState>) -> Result<Json<Starters>, ApiError> {
    let snapshot = state.snapshot()?;
    Ok(Json(Starters { questions: snapshot.starters.clone() }))
}
