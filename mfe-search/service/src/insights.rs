//! What analysts see of the searches: the outbox's consumer and what it counted.
//!
//! Counts stand in the same database as the events, and a batch is counted in one transaction with the
//! cursor: however often the process is killed, each event counts once. Times are counted in buckets, each a
//! tenth wider than the one before, so a percentile is right to a tenth.

use mfe_search_api::{Insights, Latency, Mode, QueryCount};
use rusqlite::{Connection, params};
use service_kit::outbox;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::events::{EXECUTED, Executed};

/// Events counted in one transaction.
const BATCH: u32 = 1_000;
/// Queries in a list.
const MOST: u32 = 20;
/// Characters of a query that are told apart.
const LONGEST: usize = 200;
/// How much wider a bucket is than the one before.
const GROWTH: f64 = 1.1;
/// End of the first bucket, milliseconds.
const FIRST: f64 = 0.01;

/// Makes the tables when they are missing.
pub(crate) fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS insight_cursor (one INTEGER PRIMARY KEY CHECK (one = 1), after INTEGER NOT NULL);
         INSERT OR IGNORE INTO insight_cursor VALUES (1, 0);
         CREATE TABLE IF NOT EXISTS insight_queries (
             day INTEGER, query TEXT, searches INTEGER NOT NULL, empty INTEGER NOT NULL,
             PRIMARY KEY (day, query)
         ) WITHOUT ROWID;
         CREATE TABLE IF NOT EXISTS insight_times (
             day INTEGER, mode TEXT, bucket INTEGER, searches INTEGER NOT NULL,
             PRIMARY KEY (day, mode, bucket)
         ) WITHOUT ROWID;",
    )
}

/// Counts all events that were not counted yet.
pub(crate) fn consume(connection: &mut Connection) -> rusqlite::Result<()> {
    while consume_batch(connection)? {}
    Ok(())
}

fn consume_batch(connection: &mut Connection) -> rusqlite::Result<bool> {
    // Immediate: two consumers at once must not read the same cursor.
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let after: i64 =
        transaction.query_row("SELECT after FROM insight_cursor", [], |row| row.get(0))?;
    let events = outbox::read(&transaction, after, BATCH)?;
    let Some(last) = events.last().map(|event| event.id) else { return Ok(false) };
    for event in events.into_iter().filter(|event| event.kind == EXECUTED) {
        let Ok(executed) = serde_json::from_value::<Executed>(event.value) else { continue };
        let day = event.at.div_euclid(86_400);
        transaction
            .prepare_cached(
                "INSERT INTO insight_queries VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE
                 SET searches = searches + 1, empty = empty + excluded.empty",
            )?
            .execute(params![day, folded(&executed.query), executed.total == 0])?;
        transaction
            .prepare_cached(
                "INSERT INTO insight_times VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE
                 SET searches = searches + 1",
            )?
            .execute(params![day, name(executed.mode), bucket(executed.took_ms)])?;
    }
    transaction.execute("UPDATE insight_cursor SET after = ?", params![last])?;
    transaction.commit()?;
    Ok(true)
}

/// Returns what was counted in the last `days` days, today included.
pub(crate) fn read(
    connection: &Connection,
    now: OffsetDateTime,
    days: u32,
) -> rusqlite::Result<Insights> {
    let today = now.unix_timestamp().div_euclid(86_400);
    let first = today + 1 - i64::from(days.max(1));
    let (searches, empty): (u32, u32) = connection.query_row(
        "SELECT COALESCE(SUM(searches), 0), COALESCE(SUM(empty), 0) FROM insight_queries WHERE day >= ?",
        params![first],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let list = |column: &str| -> rusqlite::Result<Vec<QueryCount>> {
        let sql = [
            "SELECT query, SUM(",
            column,
            ") AS n FROM insight_queries WHERE day >= ? GROUP BY query \
             HAVING n > 0 ORDER BY n DESC, query LIMIT ?",
        ];
        let mut statement = connection.prepare(&sql.concat())?;
        let rows = statement.query_map(params![first, MOST], |row| {
            Ok(QueryCount { query: row.get(0)?, count: row.get(1)? })
        })?;
        rows.collect()
    };
    let latency = [Mode::Keyword, Mode::Semantic, Mode::Hybrid]
        .into_iter()
        .map(|mode| latency(connection, first, mode))
        .filter_map(Result::transpose)
        .collect::<rusqlite::Result<_>>()?;
    let midnight = OffsetDateTime::UNIX_EPOCH + Duration::days(first);
    Ok(Insights {
        since: midnight.format(&Rfc3339).unwrap_or_default(),
        searches,
        without_result_rate: share(empty, searches),
        top: list("searches")?,
        without_result: list("empty")?,
        latency,
    })
}

fn latency(connection: &Connection, first: i64, mode: Mode) -> rusqlite::Result<Option<Latency>> {
    let mut statement = connection.prepare_cached(
        "SELECT bucket, SUM(searches) FROM insight_times WHERE day >= ? AND mode = ?
         GROUP BY bucket ORDER BY bucket",
    )?;
    let rows =
        statement.query_map(params![first, name(mode)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let buckets: Vec<(i32, u32)> = rows.collect::<rusqlite::Result<_>>()?;
    let searches = buckets.iter().map(|(_, searches)| searches).sum();
    let percentile = |percent: u32| percentile(&buckets, searches, percent);
    let (p50_ms, p95_ms, p99_ms) = (percentile(50), percentile(95), percentile(99));
    Ok((searches > 0).then_some(Latency { mode, searches, p50_ms, p95_ms, p99_ms }))
}

/// Returns the end of the bucket in which the percentile lies.
fn percentile(buckets: &[(i32, u32)], all: u32, percent: u32) -> f64 {
    let mut before = 0;
    let reached = buckets.iter().find(|(_, searches)| {
        before += u64::from(*searches);
        before * 100 >= u64::from(all) * u64::from(percent)
    });
    reached.map_or(0.0, |(bucket, _)| FIRST * GROWTH.powi(*bucket))
}

#[expect(clippy::cast_possible_truncation, reason = "a logarithm of milliseconds is below 1000")]
fn bucket(ms: f64) -> i32 {
    if ms <= FIRST { 0 } else { ((ms / FIRST).ln() / GROWTH.ln()).ceil() as i32 }
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

fn name(mode: Mode) -> &'static str {
    match mode {
        Mode::Keyword => "keyword",
        Mode::Semantic => "semantic",
        Mode::Hybrid => "hybrid",
    }
}

fn folded(query: &str) -> String {
    let words: Vec<&str> = query.split_whitespace().collect();
    words.join(" ").to_lowercase().chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use mfe_search_api::QueryCount;
    use rusqlite::Connection;
    use service_kit::outbox;
    use time::{Duration, OffsetDateTime};

    use super::{bucket, consume, create, percentile, read};
    use crate::events::{EXECUTED, tests::executed};

    fn database() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        outbox::create(&connection).unwrap();
        create(&connection).unwrap();
        connection
    }

    #[test]
    fn searches_are_counted_once_by_query_and_day() {
        let mut connection = database();
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(100);
        let tell = |connection: &Connection, query: &str, total, days_ago| {
            let at = (now - Duration::days(days_ago)).unix_timestamp();
            outbox::append(connection, EXECUTED, at, &executed(query, total, 2.0)).unwrap();
        };
        tell(&connection, " Kafka  ledger ", 3, 0);
        tell(&connection, "kafka ledger", 3, 6);
        tell(&connection, "zzz", 0, 0);
        tell(&connection, "old", 1, 7);
        outbox::append(&connection, "other", 0, &1).unwrap();
        consume(&mut connection).unwrap();
        consume(&mut connection).unwrap();
        let insights = read(&connection, now, 7).unwrap();
        let count = |query: &str, count| QueryCount { query: query.to_owned(), count };
        assert_eq!(insights.top, [count("kafka ledger", 2), count("zzz", 1)]);
        assert_eq!(insights.without_result, [count("zzz", 1)]);
        assert_eq!(insights.searches, 3);
        assert_eq!(insights.since, "1970-04-05T00:00:00Z");
        assert_eq!((insights.latency.len(), insights.latency[0].searches), (1, 3));
        assert_eq!(read(&connection, now, 90).unwrap().searches, 4);
        assert_eq!(read(&connection, now + Duration::days(30), 7).unwrap().searches, 0);
    }

    #[test]
    fn percentiles_are_right_to_a_tenth() {
        let times = [1.0, 2.0, 3.0, 50.0].map(|ms| (bucket(ms), 25));
        for (percent, ms) in [(25, 1.0), (50, 2.0), (51, 3.0), (75, 3.0), (76, 50.0), (99, 50.0)] {
            let found = percentile(&times, 100, percent);
            assert!((ms..ms * 1.11).contains(&found), "p{percent}: {found}");
        }
        assert_eq!(percentile(&[], 0, 50), 0.0);
        assert_eq!(bucket(0.0), 0);
    }
}
