//! What the log already tells of the registry, so that nothing is told twice or left out.

use std::collections::{BTreeMap, BTreeSet};

use audit::{
    Entry, Record,
    what::{BEGIN, KEY_ADDED, KEY_REMOVED, RELEASE, ROLLBACK},
};

/// Who did what was only seen.
const UNKNOWN: &str = "unknown";

/// What the entries say together.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The log's name, `None` before its first entry.
    pub(super) log: Option<String>,
    /// Every revision up to this one is recorded, or was made before the log began.
    revision: u64,
    /// Revisions after that which are recorded too.
    ahead: BTreeSet<u64>,
    /// Keys that count, `api/<id>` or `signing/<id>`.
    keys: BTreeSet<String>,
}

impl Seen {
    pub(super) fn note(&mut self, entry: &Entry) {
        let revision = entry
            .outcome
            .strip_prefix("revision ")
            .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u64>().ok());
        match (entry.what.as_str(), revision) {
            (BEGIN, Some(revision)) => {
                self.log = Some(entry.target.clone());
                self.revision = revision;
            }
            (RELEASE | ROLLBACK, Some(revision)) if revision > self.revision => {
                self.ahead.insert(revision);
                while self.ahead.remove(&(self.revision + 1)) {
                    self.revision += 1;
                }
            }
            (KEY_ADDED, _) => drop(self.keys.insert(entry.target.clone())),
            (KEY_REMOVED, _) => drop(self.keys.remove(&entry.target)),
            _ => {}
        }
    }

    /// Returns up to `limit` revisions that are not recorded.
    pub(super) fn missing(&self, newest: u64, limit: usize) -> Vec<u64> {
        let later = self.revision + 1..=newest;
        later.filter(|revision| !self.ahead.contains(revision)).take(limit).collect()
    }

    /// Tells whether a revision is recorded.
    pub(super) fn knows(&self, revision: u64) -> bool {
        revision <= self.revision || self.ahead.contains(&revision)
    }

    /// Returns the first record of a log that begins when the registry is at `revision`.
    pub(super) fn begin(log: String, revision: u64) -> Record {
        Record::new("log", BEGIN, log, format!("revision {revision}"))
    }

    pub(super) fn is_begin(record: &Record) -> bool {
        record.what == BEGIN
    }

    /// Returns the records by which the keys of the log become those of the registry; `keys` are described.
    pub(super) fn keys_changed(&self, keys: &BTreeMap<String, String>) -> Vec<Record> {
        let added = keys.iter().filter(|(id, _)| !self.keys.contains(*id));
        let added = added.map(|(id, allows)| {
            Record::new(UNKNOWN, KEY_ADDED, id, format!("{allows}, seen in the registry"))
        });
        let removed = self.keys.iter().filter(|id| !keys.contains_key(*id));
        let removed =
            removed.map(|id| Record::new(UNKNOWN, KEY_REMOVED, id, "seen in the registry"));
        added.chain(removed).collect()
    }
}
