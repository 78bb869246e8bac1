//! The ask service: answers questions about a career by the stories that answer them, sentence by sentence.
//!
//! From the wire inwards: [`router`] is the HTTP surface; `follower` keeps a [`Library`] of the stories that
//! the stories service tells; `runs` are the answers that are being made, each apart from the line on which
//! it is read; `answering` makes one, step by step:
//!
//! | step | module | from → to |
//! |---|---|---|
//! | guard | [`guard()`] | a question → whether it may be answered at all |
//! | rewrite | [`rewrite`] | a question and the turns before it → a question that stands alone |
//! | retrieve | `retrieving`, else `lexical` | that question → stories that the search service found, or that have its words |
//! | rank | `ranking` | found stories → those that may answer, in order |
//! | compose | [`Composer`]: `extracting`, [`Provider`] | ranked stories → proposed sentences |
//! | verify | [`verify`] | a proposed sentence → one with the quote that supports it, or none |
//! | stream | `runs`, `streaming` | sentences → events |
//!
//! All but retrieving, a language model and streaming are pure. [`Conversations`] keeps what was asked and
//! answered for the [`Session`] that asked, and for an [`Asker`]'s organisation where it is shared; [`standing()`]
//! tells whether a cited story still says so; `markdown` makes a conversation a page to read.

mod config;
mod state;

mod error;
mod routes;
mod streaming;

mod answering;
mod circuit;
mod page;
mod refusing;
mod retrieving;
mod runs;

mod asker;
mod conversations;
mod markdown;
mod session;
mod standing;

mod follower;
mod library;
mod starters;

mod composer;
mod confidence;
mod extracting;
mod guard;
mod lexical;
mod planning;
mod provider;
mod ranking;
mod rewriting;
mod verifying;

mod corpus;
mod naming;
mod passages;
mod question;
mod story;
mod text;
mod told;
mod vocabulary;

pub use asker::Asker;
pub use composer::{Brief, ComposeError, Composer, Draft, Excerpt, Phase};
pub use config::Config;
pub use conversations::{Begun, Conversations, Earlier, Expired, Outcome, StoreError};
pub use corpus::Corpus;
pub use extracting::Extractive;
pub use follower::Follower;
pub use guard::{confusion, guard};
pub use library::{Library, Snapshot};
pub use planning::{Found, Plan, plan};
pub use provider::{Provider, ProviderSettings};
pub use question::Question;
pub use retrieving::SearchApi;
pub use rewriting::{Standalone, Turn, rewrite};
pub use routes::router;
pub use session::Session;
pub use standing::standing;
pub use state::AppState;
pub use story::{ClientKind, Metric, Story};
pub use verifying::{Unsupported, Verified, verify};

use std::{io, path::PathBuf, sync::Arc};

use service_kit::outbox::Outbox;

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
    /// A client of another service cannot be made.
    #[error("cannot prepare to ask other services")]
    Client(#[from] reqwest::Error),
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
    let file = data.join("ask.sqlite");
    let conversations = Conversations::open(&file)?;
    let outbox = Outbox::open(&file, config.edge_key.clone()).map_err(StoreError::from)?;
    let archive = data.join("archive");
    tokio::spawn(conversations::every_hour(conversations.clone(), config.ttl, archive));
    let search = SearchApi::new(&config.gateway_url)?;
    let mut state = AppState::new(config.pace, conversations, search);
    state.outbox = Some(outbox);
    state.edge.clone_from(&config.edge_key);
    if let Some(settings) = config.chat.clone() {
        tracing::info!(?settings, "a language model composes");
        state.model = Some(Arc::new(Provider::new(settings)?));
    }
    let follower = Follower::new(state.library.clone());
    tokio::spawn(service_kit::follow(config.feed(), follower, state.readiness.clone()));
    let listener = service_kit::bind(config.listen).await?;
    service_kit::serve(listener, router(state)).await?;
    Ok(())
}
