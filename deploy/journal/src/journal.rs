//! The journal: a table of events in SQLite, each once.
//!
//! With WAL and `synchronous=NORMAL` what was committed survives the death of the process. A loss of power may
//! take the last moments, events and cursor together: they are read again.

mod reading;
mod schema;
mod writing;

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};
use service_kit::{BoxError, outbox::Cursor};

use crate::{Applied, Batch, Sink};

pub use reading::{Aside, Entry, Lag, Selection};

/// The file's name in its folder.
pub const FILE: &str = "journal.sqlite";

/// A journal that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The folder cannot be made.
    #[error("the folder of the journal cannot be made")]
    Folder(#[source] std::io::Error),
    /// SQLite refused.
    #[error("the journal cannot be read or written")]
    Database(#[from] rusqlite::Error),
    /// A newer program made the file.
    #[error("the journal has layout {found}, but this program knows only layout {known}")]
    Newer {
        /// What the file says.
        found: i64,
        /// The newest that this program can read.
        known: i64,
    },
}

/// The journal. Clones share a connection; calls block for as long as SQLite takes.
#[derive(Clone, Debug)]
pub struct Journal(Arc<Mutex<Connection>>);

impl Journal {
    /// Opens the journal in a folder, or makes it.
    ///
    /// # Errors
    /// The file cannot be used.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        std::fs::create_dir_all(folder).map_err(JournalError::Folder)?;
        Self::over(Connection::open(folder.join(FILE))?)
    }

    /// Opens the journal that is in a folder.
    ///
    /// # Errors
    /// There is none, or it cannot be used.
    pub fn open_existing(folder: &Path) -> Result<Self, JournalError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::over(Connection::open_with_flags(folder.join(FILE), flags)?)
    }

    fn over(connection: Connection) -> Result<Self, JournalError> {
        schema::configure(&connection)?;
        schema::create(&connection)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Removes events from before a time, in seconds since 1970, and what was set aside before it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn prune(&self, before: i64) -> Result<usize, JournalError> {
        let connection = self.connection();
        let events = connection.execute("DELETE FROM event WHERE at < ?", params![before])?;
        let aside = connection.execute("DELETE FROM set_aside WHERE at < ?", params![before])?;
        Ok(events + aside)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere rolled its transaction back: the connection is sound.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Journal {
    fn cursor(&self, source: &str) -> Result<Option<Cursor>, BoxError> {
        Ok(reading::cursor(&self.connection(), source)?)
    }

    fn apply(&self, source: &str, batch: &Batch, now: i64) -> Result<Applied, BoxError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let applied = writing::apply(&transaction, source, batch, now)?;
        transaction.commit()?;
        Ok(applied)
    }

    fn begin_again(&self, source: &str) -> Result<(), BoxError> {
        let sql = "UPDATE progress SET log = NULL, id = 0 WHERE source = ?";
        self.connection().execute(sql, params![source])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
