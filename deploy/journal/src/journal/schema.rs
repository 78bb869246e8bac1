//! The tables, and how the file is opened.

use rusqlite::Connection;

use super::JournalError;

/// Written into the file; raise it with every change of the tables.
const LAYOUT: i64 = 1;

/// `progress` has where each source was read to, and what was counted on the way: the same transaction writes
/// it and the events. Its `log` is absent when the source is to be read from its beginning.
const TABLES: &str = "
    CREATE TABLE event (
        source      TEXT NOT NULL,
        log         TEXT NOT NULL,
        id          INTEGER NOT NULL,
        kind        TEXT NOT NULL,
        at          INTEGER NOT NULL,
        value       TEXT NOT NULL,
        received_at INTEGER NOT NULL,
        PRIMARY KEY (source, log, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX event_by_time ON event (at);
    CREATE INDEX event_by_kind ON event (kind, at);
    CREATE TABLE set_aside (
        source TEXT NOT NULL,
        log    TEXT NOT NULL,
        id     INTEGER NOT NULL,
        text   TEXT NOT NULL,
        why    TEXT NOT NULL,
        at     INTEGER NOT NULL,
        PRIMARY KEY (source, log, id, text)
    ) STRICT;
    CREATE TABLE progress (
        source     TEXT PRIMARY KEY,
        log        TEXT,
        id         INTEGER NOT NULL,
        head       INTEGER NOT NULL,
        taken      INTEGER NOT NULL,
        duplicates INTEGER NOT NULL,
        set_aside  INTEGER NOT NULL,
        missed     INTEGER NOT NULL,
        heard_at   INTEGER NOT NULL
    ) STRICT;
";

pub(super) fn configure(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "NORMAL")
}

/// Makes the tables of a new file.
pub(super) fn create(db: &Connection) -> Result<(), JournalError> {
    let found: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > LAYOUT {
        return Err(JournalError::Newer { found, known: LAYOUT });
    }
    if found < LAYOUT {
        // Both or neither: the program may be killed between them.
        let transaction = db.unchecked_transaction()?;
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "user_version", LAYOUT)?;
        transaction.commit()?;
    }
    Ok(())
}
