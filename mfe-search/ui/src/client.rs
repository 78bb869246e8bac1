//! The search service, as this remote calls it.

use contract::Problem;
use mfe_search_api::{KEYWORD, SearchRequest, SearchResponse};
use shared_ui::{client::post_json, kit::Host};
use web_sys::AbortSignal;

use crate::found::Found;

/// Finds stories by words.
///
/// # Errors
/// The service's problem, or that it could not be reached.
pub(crate) async fn find(
    host: Host,
    request: SearchRequest,
    signal: Option<AbortSignal>,
) -> Result<Found, Problem> {
    let response: SearchResponse = post_json(&host, KEYWORD, &request, signal.as_ref()).await?;
    Ok(Found::from(response))
}
