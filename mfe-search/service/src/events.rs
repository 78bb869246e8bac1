//! What is told of each search: `search.executed`, into the outbox.
//!
//! Searches do not wait for the disk: their events are written together, some five times a second. When the
//! disk cannot keep up, events are dropped and counted in the log; a search is never refused for it.

use std::{path::Path, sync::Arc, time::Duration};

use mfe_search_api::{Confidence, Mode, SearchResponse};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use service_kit::{chain, outbox};
use time::OffsetDateTime;
use tokio::sync::mpsc::{self, Receiver, Sender, error::TrySendError};

use crate::insights;

/// The event's kind.
pub(crate) const EXECUTED: &str = "search.executed";
/// Events that wait for the disk at most.
const MOST_WAITING: usize = 10_000;
/// How long events wait for others.
const GATHER: Duration = Duration::from_millis(200);
/// How long events are kept, seconds: 90 days.
const KEPT: i64 = 90 * 24 * 3600;
/// How often old events are removed.
const PRUNE: Duration = Duration::from_secs(3600);

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
pub struct Events(Sender<(i64, Executed)>);

impl Events {
    /// Opens the outbox in a file. The second is to be run until it ends, which it does when all of the
    /// first are gone and everything is written.
    ///
    /// # Errors
    /// The file cannot be used.
    pub fn open(file: &Path) -> rusqlite::Result<(Self, impl Future<Output = ()> + use<>)> {
        let connection = open(file)?;
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        Ok((Self(sender), write(connection, receiver)))
    }

    /// Tells of a search.
    pub(crate) fn tell(&self, executed: Executed, now: OffsetDateTime) {
        if let Err(TrySendError::Full(_)) = self.0.try_send((now.unix_timestamp(), executed)) {
            tracing::warn!("the outbox does not keep up: an event is dropped");
        }
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

async fn write(connection: Connection, mut events: Receiver<(i64, Executed)>) {
    let connection = Arc::new(std::sync::Mutex::new(connection));
    let mut pruned = None;
    let mut batch = Vec::new();
    while events.recv_many(&mut batch, MOST_WAITING).await > 0 {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let prune = pruned.is_none_or(|at: tokio::time::Instant| at.elapsed() > PRUNE);
        if prune {
            pruned = Some(tokio::time::Instant::now());
        }
        let (connection, told) = (Arc::clone(&connection), std::mem::take(&mut batch));
        let written = tokio::task::spawn_blocking(move || {
            let mut connection =
                connection.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            append(&mut connection, &told)?;
            if prune {
                outbox::prune(&connection, now - KEPT)?;
            }
            Ok::<(), rusqlite::Error>(())
        });
        if let Ok(Err(error)) = written.await {
            tracing::warn!(cause = chain(&error), "events of searches are lost");
        }
        tokio::time::sleep(GATHER).await;
    }
}

fn append(connection: &mut Connection, told: &[(i64, Executed)]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for (at, executed) in told {
        outbox::append(&transaction, EXECUTED, *at, executed)?;
    }
    transaction.commit()
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
            events.tell(executed(&n.to_string(), n, 1.0), now);
        }
        drop(events);
        writing.await;
        let told = outbox::read(&open(&file).unwrap(), 0, 1000).unwrap();
        assert_eq!(told.len(), 300);
        assert_eq!(told[299].value["query"], "299");
    }
}
