//! What is told of each search: `search.executed`, into the outbox.
//!
//! A search does not wait for the disk and is never refused for it: its event goes through a queue.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use mfe_search_api::{Confidence, Mode, SearchResponse};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use service_kit::outbox::{self, Queue};
use time::OffsetDateTime;

use crate::insights;

/// The event's kind.
pub(crate) const EXECUTED: &str = "search.executed";

/// A search with a query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Executed {
    pub query: String,
    pub mode: Mode,
    pub total: u32,
    pub confidence: Confidence,
    pub took_ms: f64,
    pub cached: bool,
}

impl Executed {
    /// Returns what is told of an answer; of a list nothing is.
    pub(crate) fn of(mode: Mode, response: &SearchResponse) -> Option<Self> {
        (!response.query.trim().is_empty()).then(|| Self {
            query: response.query.clone(),
            mode,
            total: response.total,
            confidence: response.confidence,
            took_ms: response.took_ms,
            cached: response.cached,
        })
    }
}

/// The way into the outbox.
#[derive(Clone, Debug)]
pub struct Events(Queue);

impl Events {
    /// Opens the outbox in a file. The second is to be run until it ends, which it does when all of the
    /// first are gone and everything is written.
    ///
    /// # Errors
    /// The file cannot be used.
    pub fn open(file: &Path) -> rusqlite::Result<(Self, impl Future<Output = ()> + use<>)> {
        let (queue, writing) = Queue::new(Arc::new(Mutex::new(open(file)?)));
        Ok((Self(queue), writing))
    }

    /// Tells of a search.
    pub(crate) fn tell(&self, executed: &Executed, now: OffsetDateTime) {
        self.0.tell(EXECUTED, now.unix_timestamp(), executed);
    }
}

/// Opens the database of the outbox and of what is made of it.
pub(crate) fn open(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    outbox::create(&connection)?;
    insights::create(&connection)?;
    Ok(connection)
}

#[cfg(test)]
pub(crate) mod tests {
    use mfe_search_api::{Confidence, Mode};
    use service_kit::outbox;
    use time::OffsetDateTime;

    use super::{Events, Executed, open};

    pub(crate) fn executed(query: &str, total: u32, took_ms: f64) -> Executed {
        let (mode, confidence) = (Mode::Hybrid, Confidence::High);
        Executed { query: query.to_owned(), mode, total, confidence, took_ms, cached: false }
    }

    #[tokio::test]
    async fn what_was_told_is_written_before_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("events");
        let (events, writing) = Events::open(&file).unwrap();
        let now = OffsetDateTime::now_utc();
        for n in 0..300 {
            events.tell(&executed(&n.to_string(), n, 1.0), now);
        }
        drop(events);
        writing.await;
        let told = outbox::read(&open(&file).unwrap(), 0, 1000).unwrap();
        assert_eq!(told.len(), 300);
        assert_eq!(told[299].value["query"], "299");
    }
}
