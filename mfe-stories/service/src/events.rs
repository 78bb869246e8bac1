//! What the outbox is told: that a story was read, and that one changed.
//!
//! Not who read it: neither session nor account. The first stories of a new store are told to nobody, since
//! nobody changed anything.

use axum::http::HeaderMap;
use rusqlite::Connection;
use serde::Serialize;
use service_kit::outbox::{self, Queue};
use time::OffsetDateTime;

const VIEWED: &str = "story.viewed";
const CHANGED: &str = "story.changed";
/// Which part of the page asks, `name@version`; the shell says so.
const REMOTE: &str = "x-asterism-remote";
/// Of that name; anybody can send anything.
const LONGEST: usize = 100;

/// Somebody read a story.
#[derive(Debug, Serialize)]
pub(crate) struct Viewed<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote: Option<&'a str>,
}

impl<'a> Viewed<'a> {
    pub(crate) fn of(id: &'a str, headers: &'a HeaderMap) -> Self {
        let remote = headers.get(REMOTE).and_then(|value| value.to_str().ok());
        Self { id, remote: remote.filter(|remote| remote.len() <= LONGEST) }
    }

    pub(crate) fn tell(&self, views: &Queue) {
        views.tell(VIEWED, OffsetDateTime::now_utc().unix_timestamp(), self);
    }
}

/// How a story changed.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Change {
    Added,
    Replaced,
    Removed,
}

/// Tells of a change, in its transaction.
pub(crate) fn changed(db: &Connection, id: &str, change: Change) -> rusqlite::Result<()> {
    #[derive(Serialize)]
    struct Changed<'a> {
        id: &'a str,
        change: Change,
    }
    let now = OffsetDateTime::now_utc().unix_timestamp();
    outbox::append(db, CHANGED, now, &Changed { id, change }).map(drop)
}
