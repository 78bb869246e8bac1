//! The ask service: answers questions by quoting the stories that answer them.
//!
//! From the wire inwards: [`router`] is the HTTP surface; `follower` keeps a [`Library`] of the stories
//! that the stories service tells; [`answer`] is the domain, pure and without clock or network:
//! [`Question`] (what is asked) → `ranking` (which stories and passages) → `composing` (which sentences,
//! in what order, with which marks).
//!
//! Not here: any language model, and any memory of a conversation. A conversation's id is handed back
//! as it came and each question is answered on its own.

mod config;
mod state;

mod error;
mod routes;
mod streaming;

mod follower;
mod library;
mod starters;

mod answering;
mod composing;
mod ranking;

mod corpus;
mod naming;
mod passages;
mod question;
mod story;
mod text;
mod vocabulary;

mod guard;

pub use answering::{Reply, answer};
pub use config::Config;
pub use corpus::Corpus;
pub use follower::Follower;
pub use guard::{confusion, guard, message};
pub use library::{Library, Snapshot};
pub use question::Question;
pub use routes::router;
pub use state::AppState;
pub use story::{ClientKind, Metric, Story};

use service_kit::ServeError;

/// Serves until the process is told to stop.
///
/// # Errors
/// The address cannot be bound, or the listener broke.
pub async fn serve(config: Config) -> Result<(), ServeError> {
    let state = AppState::new(config.pace);
    let follower = Follower::new(state.library.clone());
    tokio::spawn(service_kit::follow(config.feed(), follower, state.readiness.clone()));
    let listener = service_kit::bind(config.listen).await?;
    service_kit::serve(listener, router(state)).await
}
