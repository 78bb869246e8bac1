//! The tables, and how the file is opened.

use rusqlite::Connection;
use service_kit::outbox;

use super::StoreError;

/// Written into the file; raise it with every change of the tables.
const LAYOUT: i64 = 1;

/// A story is its JSON; the other columns follow from it, so they cannot disagree with it.
/// `change` has the last change of every id, also of deleted ones, and never uses a number twice.
const TABLES: &str = "
    CREATE TABLE meta (epoch TEXT NOT NULL) STRICT;
    CREATE TABLE story (
        id           TEXT PRIMARY KEY,
        body         TEXT NOT NULL,
        title        TEXT NOT NULL AS (body ->> 'title') STORED,
        start        TEXT NOT NULL AS (body ->> 'start') STORED,
        client       TEXT NOT NULL AS (body ->> 'client') STORED,
        role         TEXT NOT NULL AS (body ->> 'role') STORED,
        industry     TEXT NOT NULL AS (body ->> 'industry') STORED,
        capability   TEXT NOT NULL AS (body ->> 'capability') STORED,
        sub_category TEXT NOT NULL AS (body ->> 'sub_category') STORED,
        theme        TEXT NOT NULL AS (body ->> 'theme') STORED,
        era          TEXT NOT NULL AS (body ->> 'era') STORED,
        category     TEXT NOT NULL AS (body ->> 'category') STORED
    ) STRICT;
    CREATE INDEX story_by_start ON story (start, id);
    CREATE TABLE change (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id  TEXT NOT NULL UNIQUE
    ) STRICT;
";

pub(super) fn configure(db: &Connection) -> Result<(), StoreError> {
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    Ok(())
}

/// Makes the tables of a new file. Returns whether it was new.
pub(super) fn create(db: &Connection) -> Result<bool, StoreError> {
    let found: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > LAYOUT {
        return Err(StoreError::Newer { found, known: LAYOUT });
    }
    outbox::create(db)?;
    if found == LAYOUT {
        return Ok(false);
    }
    db.execute_batch(TABLES)?;
    let epoch = uuid::Uuid::new_v4().simple().to_string();
    db.execute("INSERT INTO meta (epoch) VALUES (?1)", [epoch])?;
    db.pragma_update(None, "user_version", LAYOUT)?;
    Ok(true)
}

/// Returns the number of the last change, 0 before the first.
pub(super) fn head(db: &Connection) -> Result<i64, StoreError> {
    Ok(db.query_row("SELECT coalesce(max(seq), 0) FROM change", [], |row| row.get(0))?)
}
