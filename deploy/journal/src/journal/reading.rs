//! What stands in the journal.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde_json::Value;
use service_kit::outbox::Cursor;

use super::{Journal, JournalError};

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// Who told it.
    pub source: String,
    /// Which of its outboxes.
    pub log: String,
    /// Its number there.
    pub id: i64,
    /// Such as `remote.released`.
    pub kind: String,
    /// When it happened, seconds since 1970.
    pub at: i64,
    /// What is told.
    pub value: Value,
}

/// Which events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Of this kind.
    pub kind: Option<String>,
    /// Of this source.
    pub source: Option<String>,
    /// Not before this time, seconds since 1970.
    pub since: Option<i64>,
    /// The newest so many.
    pub limit: u32,
}

/// How far a source was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lag {
    /// Its name.
    pub source: String,
    /// The number of the last event that was read.
    pub read: i64,
    /// The number of its newest event, when it was heard last.
    pub head: i64,
    /// When that was, seconds since 1970.
    pub heard_at: i64,
    /// Events that were taken.
    pub taken: u64,
    /// Events that came again.
    pub duplicates: u64,
    /// What cannot be used.
    pub set_aside: u64,
    /// Events that the source removed before they were read.
    pub missed: u64,
}

/// Something that was set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Aside {
    /// Who told it.
    pub source: String,
    /// Its number, 0 for what has none.
    pub id: i64,
    /// Why it cannot be used.
    pub why: String,
    /// As it came, at most 64 KiB of it.
    pub text: String,
    /// When it came, seconds since 1970.
    pub at: i64,
}

impl Journal {
    /// Returns the newest events of a selection, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn list(&self, selection: &Selection) -> Result<Vec<Entry>, JournalError> {
        let Selection { kind, source, since, limit } = selection;
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT source, log, id, kind, at, value FROM event
             WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR source = ?2) AND at >= ?3
             ORDER BY at DESC, source DESC, log DESC, id DESC LIMIT ?4",
        )?;
        let since = since.unwrap_or(i64::MIN);
        let rows = statement.query_map(params![kind, source, since, limit], entry)?;
        let mut entries = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        entries.reverse();
        Ok(entries)
    }

    /// Returns how far each source was read, by name.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn lag(&self) -> Result<Vec<Lag>, JournalError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT source, id, head, heard_at, taken, duplicates, set_aside, missed
             FROM progress ORDER BY source",
        )?;
        let rows = statement.query_map([], lag)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns what was set aside, oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn set_aside(&self) -> Result<Vec<Aside>, JournalError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT source, id, why, text, at FROM set_aside ORDER BY at, id")?;
        let rows = statement.query_map([], |row| {
            let (source, id, why) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Aside { source, id, why, text: row.get(3)?, at: row.get(4)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// Returns where a source was read to.
pub(super) fn cursor(db: &Connection, source: &str) -> rusqlite::Result<Option<Cursor>> {
    db.prepare_cached("SELECT log, id FROM progress WHERE source = ? AND log IS NOT NULL")?
        .query_row(params![source], |row| Ok(Cursor { log: row.get(0)?, id: row.get(1)? }))
        .optional()
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let value: String = row.get(5)?;
    let value = serde_json::from_str(&value).unwrap_or(Value::String(value));
    let (source, log, id) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(Entry { source, log, id, kind: row.get(3)?, at: row.get(4)?, value })
}

fn lag(row: &Row<'_>) -> rusqlite::Result<Lag> {
    Ok(Lag {
        source: row.get(0)?,
        read: row.get(1)?,
        head: row.get(2)?,
        heard_at: row.get(3)?,
        taken: number(row, 4)?,
        duplicates: number(row, 5)?,
        set_aside: number(row, 6)?,
        missed: number(row, 7)?,
    })
}

fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    Ok(u64::try_from(number).unwrap_or(0))
}
