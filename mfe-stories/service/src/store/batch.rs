//! Many stories in one transaction.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{Store, StoreError, lock, write};
use crate::events::{self, Change};

/// A story as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Of the story.
    pub(crate) id: String,
    /// The whole story, as JSON.
    pub(crate) body: String,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// New stories.
    pub(crate) added: u64,
    /// Different ones.
    pub(crate) replaced: u64,
    /// The same ones.
    pub(crate) unchanged: u64,
}

impl Store {
    /// Adds and replaces stories, all or none. One that is there just so stays as it is.
    ///
    /// # Errors
    /// The database or an entry failed; nothing is changed.
    pub(crate) fn put_all(
        &self,
        entries: impl Iterator<Item = Result<Entry, StoreError>>,
    ) -> Result<Written, StoreError> {
        let mut db = lock(&self.writer);
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut written = Written::default();
        let mut last = None;
        for entry in entries {
            let Entry { id, body } = entry?;
            match stored(&tx, &id)? {
                Some(there) if there == body => {
                    written.unchanged += 1;
                    continue;
                }
                Some(_) => {
                    written.replaced += 1;
                    events::changed(&tx, &id, Change::Replaced)?;
                }
                None => {
                    written.added += 1;
                    events::changed(&tx, &id, Change::Added)?;
                }
            }
            last = Some(write(&tx, &id, &body)?);
        }
        match last {
            Some(seq) => self.commit(tx, seq)?,
            None => tx.rollback()?,
        }
        Ok(written)
    }

    /// Returns an empty file on the store's own disk, which is gone when it is closed.
    ///
    /// # Errors
    /// The store's folder takes no file.
    pub(crate) fn stage(&self) -> Result<std::fs::File, StoreError> {
        Ok(tempfile::tempfile_in(&self.dir)?)
    }
}

fn stored(db: &Connection, id: &str) -> Result<Option<String>, StoreError> {
    let mut statement = db.prepare_cached("SELECT body FROM story WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| row.get(0)).optional()?)
}
