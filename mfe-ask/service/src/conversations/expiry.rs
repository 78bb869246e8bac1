//! Conversations in which nothing was asked for long go to the archive: one JSON file each, as exported.
//!
//! A file is whole on the disk before its conversation is removed. Whose it was and who might read it does not
//! stand in it. Not here: reading the archive, removing files from it.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration as Pause,
};

use mfe_ask_api::{Conversation, History};
use rusqlite::Connection;
use service_kit::{chain, outbox};
use time::{Duration, OffsetDateTime};
use tokio::time::MissedTickBehavior;

use super::{
    Conversations, StoreError, encode, interrupt,
    reading::{old, whole},
    stamp,
};

/// No answer takes so long: what still waits for one lost it.
const LOST: Duration = Duration::hours(1);
const HOUR: Pause = Pause::from_secs(60 * 60);

/// What became of the conversations that had expired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// In the archive now.
    pub archived: usize,
    /// Still where they were, because of a failure that the log tells.
    pub kept: usize,
}

/// Tidies up for ever.
pub(crate) async fn every_hour(store: Conversations, ttl: Duration, archive: PathBuf) {
    let mut ticks = tokio::time::interval(HOUR);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match store.expire(OffsetDateTime::now_utc(), ttl, &archive).await {
            Ok(Expired { archived: 0, kept: 0 }) => {}
            Ok(Expired { archived, kept }) => {
                tracing::info!(archived, kept, "conversations expired");
            }
            Err(error) => tracing::warn!(cause = chain(&error), "cannot tidy up"),
        }
    }
}

impl Conversations {
    /// Archives conversations in which nothing was asked for `ttl`. Removes old events, and lets answers
    /// fail that nobody makes any more.
    ///
    /// # Errors
    /// The database failed. A single conversation that cannot be archived stays, and is no error.
    pub async fn expire(
        &self,
        now: OffsetDateTime,
        ttl: Duration,
        archive: &Path,
    ) -> Result<Expired, StoreError> {
        let before = stamp(now.saturating_sub(ttl))?;
        let mut expired = Expired::default();
        for id in self.expired(before.clone()).await? {
            let (id, before, archive) = (id.clone(), before.clone(), archive.to_owned());
            match self.write(move |db| archive_one(db, &id, &before, &archive)).await {
                Ok(archived) => expired.archived += usize::from(archived),
                Err(error) => {
                    tracing::warn!(cause = chain(&error), "a conversation is not archived");
                    expired.kept += 1;
                }
            }
        }
        let lost = stamp(now.saturating_sub(LOST))?;
        self.write(move |db| {
            outbox::prune(db, now.unix_timestamp() - outbox::KEPT)?;
            interrupt(db, Some(&lost))
        })
        .await?;
        Ok(expired)
    }

    async fn expired(&self, before: String) -> Result<Vec<String>, StoreError> {
        self.read(move |db| {
            let sql = "SELECT id FROM conversation WHERE updated_at < ?1 ORDER BY updated_at";
            let mut statement = db.prepare_cached(sql)?;
            let ids = statement.query_map([&before], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
        .await
    }
}

/// Moves a conversation to the archive, unless something was asked in it meanwhile.
fn archive_one(
    db: &Connection,
    id: &str,
    before: &str,
    archive: &Path,
) -> Result<bool, StoreError> {
    let Some(found) = old(db, id, before)? else { return Ok(false) };
    let conversation = Conversation { shared_with: None, ..found };
    // The month does not depend on when this is tried, so a second try replaces the first one's file.
    let month = archive.join(conversation.updated_at.get(.."yyyy-mm".len()).unwrap_or_default());
    write(&month, id, &whole(db, conversation)?)?;
    db.execute("DELETE FROM conversation WHERE id = ?1", [id])?;
    Ok(true)
}

/// Writes a file that is whole whenever it is there, also after a loss of power.
fn write(folder: &Path, id: &str, history: &History) -> Result<(), StoreError> {
    fs::create_dir_all(folder)?;
    let file = folder.join(id).with_extension("json");
    let part = file.with_extension("part");
    let text = encode(id, history)?;
    let written = store(&part, text.as_bytes()).and_then(|()| fs::rename(&part, &file));
    if let Err(error) = written {
        fs::remove_file(&part).ok();
        return Err(error.into());
    }
    for folder in folder.ancestors().take(2) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn store(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(file)?;
    file.write_all(bytes)?;
    file.sync_all()
}
