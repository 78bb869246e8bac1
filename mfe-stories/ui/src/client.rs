//! The stories service, as this remote calls it.

use std::rc::Rc;

use contract::Problem;
use mfe_stories_api::{Related, Story, related_path, story_path};
use shared_ui::{
    client::{fetch_value, unreadable},
    kit::Host,
};
use web_sys::AbortSignal;
use yew::AttrValue;

use crate::wire;

/// A question to the service. One type for all, as is [`Answer`]: `use_query` would be compiled anew, 3 KB
/// (brotli), for each pair of types.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ask {
    /// One story.
    Story(AttrValue),
    /// The four stories that are most like one.
    Related(AttrValue),
}

/// What it says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    Story(Rc<Story>),
    Related(Related),
}

/// Asks.
///
/// # Errors
/// The service's problem (404 for an unknown id), or that it could not be reached or read.
pub(crate) async fn ask(
    host: Host,
    ask: Ask,
    signal: Option<AbortSignal>,
) -> Result<Answer, Problem> {
    let path = match &ask {
        Ask::Story(id) => story_path(id),
        Ask::Related(id) => [&related_path(id), "?limit=4"].concat(),
    };
    let value = fetch_value(&host, &path, None, signal.as_ref()).await?;
    let answer = match ask {
        Ask::Story(_) => wire::story(&value).map(|story| Answer::Story(Rc::new(story))),
        Ask::Related(_) => wire::related(&value).map(Answer::Related),
    };
    answer.ok_or_else(unreadable)
}
