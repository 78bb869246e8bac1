//! The ask service: answers questions by quoting the stories that answer them.
//!
//! From the wire inwards: [`router`] is the HTTP surface; `follower` keeps a [`Library`] of the stories
//! that the stories service tells; [`answer`] is the domain, pure and without clock or network:
//! [`Question`] (what is asked) → `ranking` (which stories and passages) → `composing` (which sentences,
//! in what order, with which marks).
//!
//! [`Conversations`] keeps what was asked and answered for the [`Session`] that asked; [`standing()`] tells
//! whether a cited story still says so; `markdown` makes a conversation a page to read.
//!
//! Not here: any language model.

mod config;
mod state;

mod error;
mod routes;
mod streaming;

mod conversations;
mod markdown;
mod session;
mod standing;

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

pub use answering::{Reply, answer};
pub use config::Config;
pub use conversations::{Begun, Conversations, Earlier, Expired, Outcome, StoreError};
pub use corpus::Corpus;
pub use follower::Follower;
pub use library::{Library, Snapshot};
pub use question::Question;
pub use routes::router;
pub use session::Session;
pub use standing::standing;
pub use state::AppState;
pub use story::{ClientKind, Metric, Story};

use std::{io, path::PathBuf};

/// A service that could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The data folder cannot be made.
    #[error("cannot make the data folder {}", path.display())]
    DataDir {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The store of conversations cannot be opened.
    #[error("cannot open the store of conversations")]
    Store(#[from] StoreError),
    /// The server could not start or go on.
    #[error("cannot serve")]
    Http(#[from] service_kit::ServeError),
}

/// Serves until the process is told to stop.
///
/// # Errors
/// The data folder or the store is unusable, the address cannot be bound, or the listener broke.
pub async fn serve(config: Config) -> Result<(), ServeError> {
    let data = &config.data_dir;
    std::fs::create_dir_all(data)
        .map_err(|source| ServeError::DataDir { path: data.clone(), source })?;
    let conversations = Conversations::open(&data.join("ask.sqlite"))?;
    let archive = data.join("archive");
    tokio::spawn(conversations::every_hour(conversations.clone(), config.ttl, archive));
    let state = AppState::new(config.pace, conversations);
    let follower = Follower::new(state.library.clone());
    tokio::spawn(service_kit::follow(config.feed(), follower, state.readiness.clone()));
    let listener = service_kit::bind(config.listen).await?;
    service_kit::serve(listener, router(state)).await?;
    Ok(())
}
