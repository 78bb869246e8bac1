//! The industries service: which industries the work was for, and what was done in each.
//!
//! It owns nothing that is stored. It follows the feed of the stories domain and keeps in memory what
//! follows from it; a restart reads the feed again, which takes less than a second.
//!
//! * `routes` is the HTTP surface, one file per resource.
//! * `grouping`, `timeline` and `slug` are the domain: pure, from stories to answers.
//! * `followed` is the sink of the feed: what was read, and what is answered from.
//!
//! Not here: the stories themselves. A link leads to them.

mod config;
mod error;
mod followed;
mod grouping;
mod routes;
mod slug;
mod state;
mod story;
mod timeline;

pub use config::{BaseUrl, Config};
pub use followed::{Followed, Published};
pub use routes::router;
pub use state::AppState;
pub use story::{Metric, Story};

/// A service that could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The server could not start or go on.
    #[error("cannot serve")]
    Http(#[from] service_kit::ServeError),
}

/// Follows the stories feed and serves until told to stop.
///
/// # Errors
/// The address is taken, or the listener broke.
pub async fn serve(config: Config) -> Result<(), ServeError> {
    let state = AppState::waiting();
    let listener = service_kit::bind(config.listen).await?;
    let following = tokio::spawn(service_kit::follow(
        config.stories.feed(),
        Followed::new(state.view()),
        state.readiness().clone(),
    ));
    let served = service_kit::serve(listener, router(state)).await;
    following.abort();
    Ok(served?)
}
