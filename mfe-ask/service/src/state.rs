//! What every handler shares.

use std::{sync::Arc, time::Duration};

use service_kit::{EdgeKey, Readiness, outbox::Outbox};

use crate::{Composer, Conversations, Library, SearchApi, Snapshot, error::AskError, runs::Runs};

/// Shared by all requests; cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The stories as last heard.
    pub library: Library,
    /// Ready once the library has caught up with the feed.
    pub readiness: Readiness,
    /// Pause between two pieces of a streamed answer; zero does not pause at all.
    pub pace: Duration,
    /// What was asked and answered.
    pub conversations: Conversations,
    /// What other programs of the site read of it.
    pub outbox: Option<Outbox>,
    /// What finds stories.
    pub search: SearchApi,
    /// A language model that composes; without one the stories' own sentences are the answer.
    pub model: Option<Arc<dyn Composer>>,
    /// By which the gateway is believed who signed in; without it nobody is known to be.
    pub edge: Option<EdgeKey>,
    /// The answers that are being made.
    pub(crate) runs: Runs,
}

impl AppState {
    /// Returns a state that knows no story yet and is not ready.
    #[must_use]
    pub fn new(pace: Duration, conversations: Conversations, search: SearchApi) -> Self {
        let readiness = Readiness::waiting("waiting for the first reading of the stories feed");
        Self {
            library: Library::default(),
            readiness,
            pace,
            conversations,
            outbox: None,
            search,
            model: None,
            edge: None,
            runs: Runs::default(),
        }
    }

    /// Returns the stories to answer from; they stay the same for the whole request.
    pub(crate) fn snapshot(&self) -> Result<Arc<Snapshot>, AskError> {
        match self.readiness.waiting_for() {
            None => Ok(self.library.current()),
            Some(reason) => Err(AskError::NotReady(reason)),
        }
    }
}
