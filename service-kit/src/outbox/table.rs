//! The table.

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// Grows by one with every event, from 1.
    pub id: i64,
    /// Such as `search.executed`.
    pub kind: String,
    /// Seconds since 1970.
    pub at: i64,
    /// What the kind tells.
    #[schema(value_type = Object)]
    pub value: Value,
}

/// Makes the outbox's tables when they are missing.
///
/// # Errors
/// The database cannot be written.
pub fn create(connection: &Connection) -> rusqlite::Result<()> {
    // AUTOINCREMENT: an id is never used again, also not after old events were removed.
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS outbox (
             id INTEGER PRIMARY KEY AUTOINCREMENT,
             kind TEXT NOT NULL, at INTEGER NOT NULL, value TEXT NOT NULL
         );
         CREATE TABLE IF NOT EXISTS outbox_log (
             one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL
         );",
    )?;
    // Numbers begin anew with a new file: by this a consumer knows that they are others.
    let log = uuid::Uuid::new_v4().simple().to_string();
    connection.execute("INSERT OR IGNORE INTO outbox_log VALUES (1, ?)", [log]).map(drop)
}

/// Adds an event. Pass a transaction to add it together with other writes.
///
/// # Errors
/// The database cannot be written, or the value is no JSON.
pub fn append(
    connection: &Connection,
    kind: &str,
    at: i64,
    value: &impl Serialize,
) -> rusqlite::Result<i64> {
    let value = serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    connection
        .prepare_cached("INSERT INTO outbox (kind, at, value) VALUES (?, ?, ?)")?
        .execute(params![kind, at, value])?;
    Ok(connection.last_insert_rowid())
}

/// Returns the events after a cursor, 0 for all, in their order.
///
/// # Errors
/// The database cannot be read.
pub fn read(connection: &Connection, after: i64, limit: u32) -> rusqlite::Result<Vec<Event>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, kind, at, value FROM outbox WHERE id > ? ORDER BY id LIMIT ?",
    )?;
    let events = statement.query_map(params![after, limit], event)?;
    events.collect()
}

/// Removes events from before a time, in seconds since 1970.
///
/// # Errors
/// The database cannot be written.
pub fn prune(connection: &Connection, before: i64) -> rusqlite::Result<usize> {
    connection.execute("DELETE FROM outbox WHERE at < ?", params![before])
}

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let text: String = row.get(3)?;
    // What is no JSON comes as the text that it is: one damaged row must not hide all that follow.
    let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Ok(Event { id: row.get(0)?, kind: row.get(1)?, at: row.get(2)?, value })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;
    use serde_json::json;

    use super::{append, create, prune, read};

    #[test]
    fn events_are_read_in_order_after_a_cursor_and_numbers_are_never_used_again() {
        let connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        for at in 1..=3 {
            append(&connection, "a", at, &json!({ "n": at })).unwrap();
        }
        let ids = |after| -> Vec<i64> {
            read(&connection, after, 2).unwrap().iter().map(|event| event.id).collect()
        };
        assert_eq!((ids(0), ids(2), ids(3)), (vec![1, 2], vec![3], vec![]));
        assert_eq!(read(&connection, 2, 1).unwrap()[0].value, json!({ "n": 3 }));
        assert_eq!(prune(&connection, 4).unwrap(), 3);
        assert_eq!(append(&connection, "a", 5, &json!({})).unwrap(), 4);
    }

    #[test]
    fn a_damaged_event_hides_none_of_the_others() {
        let connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        append(&connection, "a", 1, &1).unwrap();
        append(&connection, "a", 1, &2).unwrap();
        connection.execute("UPDATE outbox SET value = '{' WHERE id = 1", []).unwrap();
        let values: Vec<_> =
            read(&connection, 0, 9).unwrap().into_iter().map(|e| e.value).collect();
        assert_eq!(values, [json!("{"), json!(2)]);
    }

    #[test]
    fn an_event_goes_with_the_transaction_that_it_tells_of() {
        let mut connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        let transaction = connection.transaction().unwrap();
        append(&transaction, "a", 1, &json!({})).unwrap();
        transaction.rollback().unwrap();
        assert_eq!(read(&connection, 0, 9).unwrap(), []);
    }
}
