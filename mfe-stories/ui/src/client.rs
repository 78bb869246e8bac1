//! The stories service, as this remote calls it.

use contract::Problem;
use mfe_stories_api::{Related, Story, related_path, story_path};
use shared_ui::{client::get_json, kit::Host};
use web_sys::AbortSignal;
use yew::AttrValue;

/// Gets one story.
///
/// # Errors
/// The service's problem (404 for an unknown id), or that it could not be reached.
pub(crate) async fn story(
    host: Host,
    id: AttrValue,
    signal: Option<AbortSignal>,
) -> Result<Story, Problem> {
    get_json(&host, &story_path(&id), signal.as_ref()).await
}

/// Gets the four stories that are most like one.
///
/// # Errors
/// As [`story`].
pub(crate) async fn related(
    host: Host,
    id: AttrValue,
    signal: Option<AbortSignal>,
) -> Result<Related, Problem> {
    let path = [&related_path(&id), "?limit=4"].concat();
    get_json(&host, &path, signal.as_ref()).await
}
