//! What people searched for.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};
use contract::Problem;
use mfe_search_api::{INSIGHTS, Insights};
use serde::Deserialize;
use service_kit::{ApiError, Json, Query};
use time::OffsetDateTime;
use utoipa::IntoParams;

use crate::{AppState, SearchError};

/// Longest span, days; events are kept as long.
const MOST_DAYS: u32 = 90;

/// Of when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct InsightsQuery {
    /// The last days, today included, 1–90.
    #[serde(default = "week")]
    #[param(minimum = 1, maximum = 90)]
    days: u32,
}

fn week() -> u32 {
    7
}

/// Tells which queries are frequent, which find nothing, and how long searches take.
#[utoipa::path(
    get,
    path = INSIGHTS,
    params(InsightsQuery),
    responses(
        (status = 200, body = Insights),
        (status = 401, description = "`not-an-analyst`", body = Problem),
        (status = 403, description = "`insights-are-off`: no key is configured", body = Problem),
        (status = 422, description = "`days` is out of range", body = Problem),
    )
)]
pub(super) async fn insights(
    State(state): State<AppState>,
    headers: HeaderMap,
    Query(InsightsQuery { days }): Query<InsightsQuery>,
) -> Result<Json<Insights>, ApiError> {
    let off = "Insights are off. Start the service with ASTERISM_ANALYST_KEY or ASTERISM_EDGE_KEY.";
    let (Some(key), Some(file)) = (&state.analyst_key, &state.events_file) else {
        return Err(ApiError::new(StatusCode::FORBIDDEN, "insights-are-off", off));
    };
    if !key.admits(&headers) {
        let detail =
            "Only analysts see insights. Sign in as one, or send their key as a bearer token.";
        return Err(ApiError::new(StatusCode::UNAUTHORIZED, "not-an-analyst", detail));
    }
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(ApiError::invalid_field("days", "must be from 1 to 90"));
    }
    let file = file.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let mut connection = crate::events::open(&file)?;
        crate::insights::consume(&mut connection)?;
        crate::insights::read(&connection, OffsetDateTime::now_utc(), days)
    });
    let read = reading.await.map_err(SearchError::from)?;
    Ok(Json(read.map_err(ApiError::internal)?))
}
