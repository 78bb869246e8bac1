//! Some events, and where to go on.

use std::{fmt, str::FromStr};

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Event, read};

/// Events, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Page {
    /// Which outbox this is. One that was made anew has another, and its numbers begin at 1 again.
    pub log: String,
    /// After the cursor.
    pub events: Vec<Event>,
    /// Give it as `after` to go on.
    pub cursor: String,
    /// The number of the newest event, 0 before the first.
    pub head: i64,
}

/// The place after an event of an outbox; as a text `<log>-<id>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Of the outbox.
    pub log: String,
    /// Of the event, 0 for the beginning.
    pub id: i64,
}

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this API")]
pub struct BadCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.log, self.id)
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let (log, id) = text.rsplit_once('-').ok_or(BadCursor)?;
        let digits = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let id = id.parse().map_err(|_| BadCursor)?;
        if log.is_empty() || !digits {
            Err(BadCursor)
        } else {
            Ok(Self { log: log.to_owned(), id })
        }
    }
}

/// Returns the events after a cursor, `None` for a cursor that this outbox never gave: it was made anew, or
/// put back to an earlier state.
///
/// # Errors
/// The database cannot be read.
pub fn page(
    connection: &Connection,
    after: Option<&Cursor>,
    limit: u32,
) -> rusqlite::Result<Option<Page>> {
    // One state of the database: the head is not older than the events.
    let transaction = connection.unchecked_transaction()?;
    let log: String = transaction.query_row("SELECT id FROM outbox_log", [], |row| row.get(0))?;
    // Not the highest number that is there: old events are removed.
    let sequence = "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'";
    let head: Option<i64> = transaction.query_row(sequence, [], |row| row.get(0)).optional()?;
    let head = head.unwrap_or(0);
    if after.is_some_and(|after| after.log != log || after.id > head) {
        return Ok(None);
    }
    let after = after.map_or(0, |after| after.id);
    let events = read(&transaction, after, limit)?;
    let id = events.last().map_or(after, |event| event.id);
    let cursor = Cursor { log: log.clone(), id }.to_string();
    Ok(Some(Page { log, events, cursor, head }))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{BadCursor, Cursor, page};
    use crate::outbox::{append, create, prune};

    #[test]
    fn pages_follow_each_other_and_know_the_head() {
        let connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        let read = |after: Option<&str>| {
            let after = after.map(|after| after.parse::<Cursor>().unwrap());
            let page = page(&connection, after.as_ref(), 2).unwrap()?;
            let ids: Vec<i64> = page.events.iter().map(|event| event.id).collect();
            Some((ids, page.cursor, page.head))
        };
        let (none, begin, head) = read(None).unwrap();
        assert_eq!((none, head), (vec![], 0));
        for n in 1..=3 {
            append(&connection, "a", n, &n).unwrap();
        }
        let (ids, cursor, head) = read(Some(&begin)).unwrap();
        assert_eq!((ids, head), (vec![1, 2], 3));
        let (ids, cursor, _) = read(Some(&cursor)).unwrap();
        assert_eq!(ids, [3]);
        assert_eq!(read(Some(&cursor)).unwrap(), (vec![], cursor.clone(), 3));
        // Removed events were there.
        prune(&connection, 9).unwrap();
        assert_eq!(read(Some(&cursor)).unwrap(), (vec![], cursor.clone(), 3));
        assert_eq!(read(Some(&begin)).unwrap(), (vec![], begin.clone(), 3));
        // Ahead of the head, and of another outbox.
        assert_eq!(read(Some(&cursor.replace("-3", "-4"))), None);
        assert_eq!(read(Some("other-1")), None);
        // The second time, the tables are there.
        create(&connection).unwrap();
        assert_eq!(read(Some(&cursor)).unwrap().2, 3);
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let cursor: Cursor = "2026-11-27T10:00:00Z-7".parse().unwrap();
        assert_eq!(cursor, Cursor { log: "2026-11-27T10:00:00Z".to_owned(), id: 7 });
        for text in ["", "7", "-7", "log-", "log-x", "log--", "log-+7", "log-99999999999999999999"]
        {
            assert_eq!(text.parse::<Cursor>(), Err(BadCursor), "{text}");
        }
    }
}
