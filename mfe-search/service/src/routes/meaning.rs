//! Search by meaning, which is not there yet: both endpoints say so and what to call instead.

use contract::Problem;
use mfe_search_api::{HYBRID, SEMANTIC};
use service_kit::ApiError;

use crate::SearchError;

/// Finds stories by meaning.
#[utoipa::path(
    post,
    path = SEMANTIC,
    responses((status = 501, description = "`meaning-search-is-off`", body = Problem))
)]
pub(super) async fn semantic() -> ApiError {
    SearchError::MeaningIsOff.into()
}

/// Finds stories by words and meaning.
#[utoipa::path(
    post,
    path = HYBRID,
    responses((status = 501, description = "`meaning-search-is-off`", body = Problem))
)]
pub(super) async fn hybrid() -> ApiError {
    SearchError::MeaningIsOff.into()
}
