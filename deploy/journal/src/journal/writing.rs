//! Taking a batch.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use service_kit::outbox::Event;

use super::reading;
use crate::{Applied, Batch, Delivered};

/// Longest value, bytes: an event tells of something, and does not carry it.
const LONGEST_VALUE: usize = 64 * 1024;
const LONGEST_KIND: usize = 100;

/// Writes the events, what cannot be used beside them, and the cursor.
pub(super) fn apply(
    db: &Connection,
    source: &str,
    batch: &Batch,
    now: i64,
) -> rusqlite::Result<Applied> {
    let before = reading::cursor(db, source)?.filter(|before| before.log == batch.cursor.log);
    let mut applied = Applied::default();
    for delivered in &batch.events {
        let place = Place { db, source, log: &batch.cursor.log, now };
        match delivered {
            Delivered::Event(event) => place.take(event, &mut applied)?,
            Delivered::Unreadable(text) => {
                // Not the cursor's number: told again, it stands in another batch.
                place.set_aside(0, text, "it is no event", &mut applied)?;
            }
        }
    }
    if let Some(before) = &before {
        applied.missed = missed(before.id, batch);
    }
    // A cursor never goes back: who tells old events once more does not make us ask for newer ones again.
    let id = before.map_or(batch.cursor.id, |before| before.id.max(batch.cursor.id));
    db.prepare_cached(
        "INSERT INTO progress VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (source) DO UPDATE SET
             log = excluded.log, id = excluded.id, head = excluded.head,
             taken = taken + excluded.taken, duplicates = duplicates + excluded.duplicates,
             set_aside = set_aside + excluded.set_aside, missed = missed + excluded.missed,
             heard_at = excluded.heard_at",
    )?
    .execute(params![
        source,
        batch.cursor.log,
        id,
        batch.head,
        count(applied.taken),
        count(applied.duplicates),
        count(applied.set_aside),
        count(applied.missed),
        now
    ])?;
    Ok(applied)
}

/// Returns how many of the numbers up to the cursor did not come.
fn missed(before: i64, batch: &Batch) -> u64 {
    let numbers: BTreeSet<i64> = batch
        .events
        .iter()
        .filter_map(|delivered| match delivered {
            Delivered::Event(event) => Some(event.id),
            Delivered::Unreadable(_) => None,
        })
        .filter(|id| (before + 1..=batch.cursor.id).contains(id))
        .collect();
    let unreadable = batch.events.iter().filter(|d| matches!(d, Delivered::Unreadable(_))).count();
    let expected = usize::try_from(batch.cursor.id - before).unwrap_or(0);
    let missed = expected.saturating_sub(numbers.len() + unreadable);
    u64::try_from(missed).unwrap_or(u64::MAX)
}

/// Where an event comes from, and when.
struct Place<'a> {
    db: &'a Connection,
    source: &'a str,
    log: &'a str,
    now: i64,
}

impl Place<'_> {
    fn take(&self, event: &Event, applied: &mut Applied) -> rusqlite::Result<()> {
        let value = event.value.to_string();
        if let Some(why) = unusable(event, &value) {
            return self.set_aside(event.id, &value, why, applied);
        }
        let new = self
            .db
            .prepare_cached("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?, ?)")?
            .execute(params![
                self.source,
                self.log,
                event.id,
                event.kind,
                event.at,
                value,
                self.now
            ])?;
        if new == 1 {
            applied.taken += 1;
        } else if self.is_there(event)? {
            applied.duplicates += 1;
        } else {
            // A source that lost its last moments, or was put back to an earlier state, uses numbers again.
            let why = "another event has its number";
            self.set_aside(event.id, &value, why, applied)?;
        }
        Ok(())
    }

    fn is_there(&self, event: &Event) -> rusqlite::Result<bool> {
        let there: Option<(String, i64, String)> = self
            .db
            .prepare_cached(
                "SELECT kind, at, value FROM event WHERE source = ? AND log = ? AND id = ?",
            )?
            .query_row(params![self.source, self.log, event.id], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        Ok(there.is_some_and(|(kind, at, value)| {
            // Not the texts: the order of keys says nothing.
            let value = serde_json::from_str::<Value>(&value).ok();
            kind == event.kind && at == event.at && value.as_ref() == Some(&event.value)
        }))
    }

    fn set_aside(
        &self,
        id: i64,
        text: &str,
        why: &str,
        applied: &mut Applied,
    ) -> rusqlite::Result<()> {
        let text = text.get(..text.floor_char_boundary(LONGEST_VALUE)).unwrap_or_default();
        let new = self
            .db
            .prepare_cached("INSERT OR IGNORE INTO set_aside VALUES (?, ?, ?, ?, ?, ?)")?
            .execute(params![self.source, self.log, id, text, why, self.now])?;
        let counter = if new == 1 { &mut applied.set_aside } else { &mut applied.duplicates };
        *counter += 1;
        Ok(())
    }
}

fn unusable(event: &Event, value: &str) -> Option<&'static str> {
    let kind = &event.kind;
    let named =
        (1..=LONGEST_KIND).contains(&kind.len()) && kind.bytes().all(|b| b.is_ascii_graphic());
    if event.id < 1 {
        Some("its number is not one")
    } else if !named {
        Some("its kind is no name")
    } else if value.len() > LONGEST_VALUE {
        Some("its value is too long")
    } else {
        None
    }
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
