//! Where events come from.

pub mod outbox;
pub mod releases;

use service_kit::outbox::{Cursor, Event};

/// Tells events in their order, each at least once.
pub trait Source: Send + Sync {
    /// Returns by which name its events are known.
    fn name(&self) -> &str;

    /// Reads what comes after a cursor, and may wait for it.
    fn read(
        &self,
        after: Option<&Cursor>,
    ) -> impl Future<Output = Result<Reading, SourceError>> + Send;
}

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Events, or none for now.
    Events(Batch),
    /// The source never gave that cursor: it was made anew, or put back to an earlier state. Begin again.
    Anew,
    /// It tells nothing at all.
    Silent,
}

/// Some events.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Where to go on. Its log is that of the events.
    pub cursor: Cursor,
    /// In their order.
    pub events: Vec<Delivered>,
    /// The number of the newest event that the source has.
    pub head: i64,
}

/// What stands in the place of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Delivered {
    /// One.
    Event(Event),
    /// Something that is none, as it came.
    Unreadable(String),
}

/// A source that cannot be read for now.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It does not answer, or not as it should.
    #[error("cannot read events from {url}")]
    Fetch {
        /// Of the source.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// What it answered makes no sense.
    #[error("{url} answers what cannot be understood: {what}")]
    Nonsense {
        /// Of the source.
        url: String,
        /// What.
        what: String,
    },
}

/// A client that ignores the environment's proxies: services are inside, on loopback or a private network.
fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap_or_default()
}
