//! Calls to the industries service.

use contract::Problem;
use mfe_industries_api::{Categories, INDUSTRIES, Industries, categories_path};
use shared_ui::{client::get_json, kit::Host};
use web_sys::AbortSignal;
use yew::AttrValue;

/// Fetches all industries.
///
/// # Errors
/// As [`get_json`].
pub(crate) async fn industries(
    host: Host,
    signal: Option<AbortSignal>,
) -> Result<Industries, Problem> {
    get_json(&host, INDUSTRIES, signal.as_ref()).await
}

/// Fetches one industry with its stories.
///
/// # Errors
/// As [`get_json`]; status 404 when there is no such industry.
pub(crate) async fn categories(
    host: Host,
    slug: AttrValue,
    signal: Option<AbortSignal>,
) -> Result<Categories, Problem> {
    get_json(&host, &categories_path(&slug), signal.as_ref()).await
}
