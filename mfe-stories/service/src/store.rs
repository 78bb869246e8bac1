//! The stories, kept in SQLite, and the order in which they changed.
//!
//! A change, its place in the feed and the event that tells of it are one transaction. The calls block: give them a thread that may.
//! With WAL and `synchronous=FULL` whatever was committed survives the death of the process and the loss
//! of power; writes are rare, so the extra flush costs nothing that anybody notices.
//!
//! Readers and writers have a connection each, so that a long import keeps nobody from reading.
//!
//! Not here: whether a story is in order (`mfe_stories_api::problems`), HTTP.

mod batch;
mod demo;
mod query;
mod schema;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use mfe_stories_api::{Story, lines};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use service_kit::{outbox::Queue, storage};
use tokio::sync::watch;

use crate::{
    condition::Condition,
    events::{self, Change},
};

pub(crate) use batch::{Entry, Written};
pub use demo::demo_stories;

/// What became of a story that was to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Changed {
    /// It is new, and has this version.
    Added(String),
    /// It has this version now.
    Replaced(String),
    /// The condition does not hold: it has this version, or is not there.
    Refused(Option<String>),
}

/// What became of a story that was to be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Removed {
    /// It was there.
    Done,
    /// There is none.
    Unknown,
    /// The condition does not hold: it has this version.
    Refused(String),
}

/// A store that cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused.
    #[error("the database failed")]
    Database(#[from] rusqlite::Error),
    /// A stored story does not decode, or one does not encode.
    #[error("story `{id}` cannot be read or written as JSON")]
    Body {
        /// Of the story.
        id: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A line of the demo data is no story.
    #[error("line {line} of the demo data is no story")]
    Demo {
        /// From 1.
        line: usize,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A newer program made the file.
    #[error("the file has layout {found}, but this program knows only layout {known}")]
    Newer {
        /// What the file says.
        found: i64,
        /// The newest that this program can read.
        known: i64,
    },
    /// The stage of an import cannot be made, written or read.
    #[error("the stage of an import failed")]
    Stage(#[from] std::io::Error),
    /// The thread that did it ended early.
    #[error("the work on the store was interrupted")]
    Interrupted(#[source] tokio::task::JoinError),
}

impl StoreError {
    /// Tells whether the disk takes no more; what was there is whole and can be read.
    pub(crate) fn is_full(&self) -> bool {
        match self {
            Self::Database(error) => storage::is_full(error),
            Self::Stage(error) => storage::takes_no_more(error),
            _ => false,
        }
    }
}

/// A story with the version that it has in this store.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stored {
    /// The story.
    pub(crate) story: Story,
    /// Another one for every change of the story; unique over all stories and stores.
    pub(crate) version: String,
}

/// The open store.
#[derive(Debug)]
pub struct Store {
    reader: Mutex<Connection>,
    writer: Arc<Mutex<Connection>>,
    /// Where the file is; imports are staged beside it.
    dir: PathBuf,
    epoch: String,
    /// Sequence number of the last committed change.
    head: watch::Sender<i64>,
}

impl Store {
    /// Opens the store in `file`, or makes it and fills it with `first` in one transaction.
    ///
    /// # Errors
    /// The file is not accessible, no database, or made by a newer program.
    pub fn open(file: &Path, first: &[Story]) -> Result<Self, StoreError> {
        let mut db = Connection::open(file)?;
        schema::configure(&db)?;
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if schema::create(&tx)? {
            for story in first {
                write(&tx, &story.id, &encode(story)?)?;
            }
            tracing::info!(stories = first.len(), "made a new store");
        }
        let epoch = tx.query_row("SELECT epoch FROM meta", [], |row| row.get(0))?;
        let head = schema::head(&tx)?;
        tx.commit()?;
        let reader = Connection::open(file)?;
        schema::configure(&reader)?;
        Ok(Self {
            reader: Mutex::new(reader),
            writer: Arc::new(Mutex::new(db)),
            dir: file.parent().unwrap_or(Path::new(".")).to_owned(),
            epoch,
            head: watch::Sender::new(head),
        })
    }

    /// Returns a signal of the last change's number that fires at each change from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<i64> {
        self.head.subscribe()
    }

    /// Returns a queue into the outbox for what changes no story, and what writes it; to be run.
    pub fn queue(&self) -> (Queue, impl Future<Output = ()> + use<>) {
        Queue::new(Arc::clone(&self.writer))
    }

    /// Returns one story.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) fn get(&self, id: &str) -> Result<Option<Stored>, StoreError> {
        let db = self.db();
        let sql = "SELECT body, seq FROM story JOIN change USING (id) WHERE id = ?1";
        let found = db
            .prepare_cached(sql)?
            .query_row([id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))
            .optional()?;
        let Some((body, seq)) = found else { return Ok(None) };
        Ok(Some(Stored { story: decode(id, &body)?, version: self.version(seq) }))
    }

    /// Adds or replaces a story, if the condition holds.
    ///
    /// # Errors
    /// The database failed; nothing is changed.
    pub(crate) fn put(&self, story: &Story, condition: &Condition) -> Result<Changed, StoreError> {
        let mut db = lock(&self.writer);
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let current = self.current(&tx, &story.id)?;
        if !condition.allows(current.as_deref()) {
            return Ok(Changed::Refused(current));
        }
        let seq = write(&tx, &story.id, &encode(story)?)?;
        let change = if current.is_some() { Change::Replaced } else { Change::Added };
        events::changed(&tx, &story.id, change)?;
        self.commit(tx, seq)?;
        let version = self.version(seq);
        Ok(if current.is_some() { Changed::Replaced(version) } else { Changed::Added(version) })
    }

    /// Removes a story, if the condition holds.
    ///
    /// # Errors
    /// The database failed; nothing is changed.
    pub(crate) fn delete(&self, id: &str, condition: &Condition) -> Result<Removed, StoreError> {
        let mut db = lock(&self.writer);
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(current) = self.current(&tx, id)? else { return Ok(Removed::Unknown) };
        if !condition.allows(Some(&current)) {
            return Ok(Removed::Refused(current));
        }
        tx.execute("DELETE FROM story WHERE id = ?1", [id])?;
        let seq = number(&tx, id)?;
        events::changed(&tx, id, Change::Removed)?;
        self.commit(tx, seq)?;
        Ok(Removed::Done)
    }

    fn current(&self, db: &Connection, id: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT seq FROM story JOIN change USING (id) WHERE id = ?1";
        let seq = db.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
        Ok(seq.map(|seq| self.version(seq)))
    }

    /// Commits, and tells who waits for it; the writer is held meanwhile, so that numbers come in order.
    fn commit(&self, tx: Transaction<'_>, seq: i64) -> Result<(), StoreError> {
        tx.commit()?;
        self.head.send_replace(seq);
        Ok(())
    }

    fn version(&self, seq: i64) -> String {
        format!("{}-{seq}", self.epoch)
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        lock(&self.reader)
    }
}

fn lock(db: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    // A panic in another thread rolled its transaction back: the connection is sound.
    db.lock().unwrap_or_else(PoisonError::into_inner)
}

fn encode(story: &Story) -> Result<String, StoreError> {
    lines::write(story).map_err(|source| StoreError::Body { id: story.id.clone(), source })
}

fn write(db: &Connection, id: &str, body: &str) -> Result<i64, StoreError> {
    let sql = "INSERT INTO story (id, body) VALUES (?1, ?2)
               ON CONFLICT (id) DO UPDATE SET body = excluded.body";
    db.prepare_cached(sql)?.execute(params![id, body])?;
    number(db, id)
}

/// Gives the change of `id` the next number, in place of the one of its change before.
fn number(db: &Connection, id: &str) -> Result<i64, StoreError> {
    db.prepare_cached("INSERT OR REPLACE INTO change (id) VALUES (?1)")?.execute([id])?;
    Ok(db.last_insert_rowid())
}

fn decode(id: &str, body: &str) -> Result<Story, StoreError> {
    serde_json::from_str(body).map_err(|source| StoreError::Body { id: id.to_owned(), source })
}

#[cfg(test)]
mod tests;
