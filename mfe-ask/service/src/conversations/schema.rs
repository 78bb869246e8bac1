//! The tables, and how the file is opened.

use rusqlite::Connection;
use service_kit::outbox;

use super::StoreError;

/// What each layout adds to the one before it. Their number is written into the file: a change of the tables is a
/// new step, and never another one in the place of one that is there.
pub(super) const STEPS: [&str; 2] = [TABLES, SHARING];

/// Times are texts of one length, see `STAMP`. A message's `seq` counts from 1 within its conversation.
const TABLES: &str = "
    CREATE TABLE conversation (
        id         TEXT PRIMARY KEY,
        session    TEXT NOT NULL,
        title      TEXT NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX conversation_by_session ON conversation (session, updated_at);
    CREATE INDEX conversation_by_age ON conversation (updated_at);
    CREATE TABLE message (
        id           TEXT PRIMARY KEY,
        conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
        seq          INTEGER NOT NULL,
        question     TEXT NOT NULL,
        asked_at     TEXT NOT NULL,
        status       TEXT NOT NULL CHECK (status IN ('pending', 'done', 'stopped', 'failed')),
        answer       TEXT,
        problem      TEXT,
        helpful      INTEGER,
        reason       TEXT,
        finished_at  TEXT,
        UNIQUE (conversation, seq)
    ) STRICT;
    CREATE INDEX message_pending ON message (asked_at) WHERE status = 'pending';
";

/// `organisation` is where the owner shares it, if anywhere.
const SHARING: &str = "
    ALTER TABLE conversation ADD COLUMN organisation TEXT;
    CREATE INDEX conversation_by_organisation ON conversation (organisation, updated_at)
        WHERE organisation IS NOT NULL;
";

pub(super) fn configure(db: &Connection) -> Result<(), StoreError> {
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "NORMAL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    Ok(())
}

/// Makes the tables of a new file, and brings an older one up to this layout.
pub(super) fn create(db: &Connection) -> Result<(), StoreError> {
    let found: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (to, step) in (1..).zip(STEPS) {
        if found < to {
            db.execute_batch(step)?;
            db.pragma_update(None, "user_version", to)?;
        }
    }
    outbox::create(db)?;
    Ok(())
}
