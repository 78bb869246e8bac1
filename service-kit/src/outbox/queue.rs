//! Events of what changes nothing that is stored: nobody waits for the disk to tell them.
//!
//! They are written together, some five times a second. A process that is killed loses those of the last
//! moment. When the disk fails they wait, and beyond a bound they are dropped and counted
//! (`outbox_events_dropped_total`). Old events are removed on the way.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;
use tokio::{
    sync::mpsc::{self, Receiver, Sender},
    time::{Instant, sleep},
};

use super::{KEPT, append, prune};
use crate::chain;

/// Events that wait for the disk at most, and again as many that are being written.
const MOST_WAITING: usize = 10_000;
/// How long events wait for others.
const GATHER: Duration = Duration::from_millis(200);
/// How long after a failure they are tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// How often old events are removed.
const PRUNE: Duration = Duration::from_secs(3600);

#[derive(Debug)]
struct Told {
    kind: &'static str,
    at: i64,
    value: Value,
}

/// The way into an outbox. Clones share it.
#[derive(Clone, Debug)]
pub struct Queue(Sender<Told>);

impl Queue {
    /// Returns a queue into the outbox of a database, and what writes it: to be run until it ends, which it
    /// does when all clones are gone and everything is written.
    pub fn new(connection: Arc<Mutex<Connection>>) -> (Self, impl Future<Output = ()>) {
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        (Self(sender), write(connection, receiver))
    }

    /// Tells of something. Never waits.
    pub fn tell(&self, kind: &'static str, at: i64, value: &impl Serialize) {
        let told = serde_json::to_value(value).ok().map(|value| Told { kind, at, value });
        if told.is_none_or(|told| self.0.try_send(told).is_err()) {
            dropped(1);
            tracing::warn!(kind, "the outbox does not keep up: an event is dropped");
        }
    }
}

fn dropped(count: usize) {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    metrics::counter!("outbox_events_dropped_total").increment(count);
}

async fn write(connection: Arc<Mutex<Connection>>, mut told: Receiver<Told>) {
    let mut pruned: Option<Instant> = None;
    loop {
        let mut batch = Vec::new();
        if told.recv_many(&mut batch, MOST_WAITING).await == 0 {
            return;
        }
        let batch: Arc<[Told]> = batch.into();
        let before = pruned.is_none_or(|at| at.elapsed() > PRUNE).then(|| now() - KEPT);
        while let Err(error) = write_once(&connection, &batch, before).await {
            if told.is_closed() {
                dropped(batch.len());
                tracing::warn!(cause = chain(&*error), events = batch.len(), "events are lost");
                return;
            }
            tracing::warn!(
                cause = chain(&*error),
                events = batch.len(),
                "events wait for the disk"
            );
            sleep(PAUSE).await;
        }
        if before.is_some() {
            pruned = Some(Instant::now());
        }
        sleep(GATHER).await;
    }
}

async fn write_once(
    connection: &Arc<Mutex<Connection>>,
    batch: &Arc<[Told]>,
    before: Option<i64>,
) -> Result<(), crate::BoxError> {
    let (connection, batch) = (Arc::clone(connection), Arc::clone(batch));
    let writing = tokio::task::spawn_blocking(move || -> rusqlite::Result<()> {
        // A panic elsewhere rolled its transaction back: the connection is sound.
        let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction()?;
        for Told { kind, at, value } in &*batch {
            append(&transaction, kind, *at, value)?;
        }
        if let Some(before) = before {
            prune(&transaction, before)?;
        }
        transaction.commit()
    });
    Ok(writing.await??)
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use rusqlite::Connection;

    use super::{KEPT, Queue, now};
    use crate::outbox::{append, create, read};

    fn database() -> Arc<Mutex<Connection>> {
        let connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        Arc::new(Mutex::new(connection))
    }

    #[tokio::test]
    async fn what_was_told_is_written_before_the_end_and_old_events_go() {
        let database = database();
        append(&database.lock().unwrap(), "old", now() - KEPT - 60, &0).unwrap();
        append(&database.lock().unwrap(), "kept", now() - KEPT + 60, &0).unwrap();
        let (queue, writing) = Queue::new(Arc::clone(&database));
        for n in 0..300 {
            queue.tell("new", now(), &n);
        }
        drop(queue);
        writing.await;
        let told = read(&database.lock().unwrap(), 0, 1000).unwrap();
        assert_eq!((told.len(), told[0].kind.as_str()), (301, "kept"));
        assert_eq!(told[300].value, 299);
    }

    #[tokio::test(start_paused = true)]
    async fn events_wait_while_the_disk_fails() {
        let database = database();
        let rename = |sql: &str| database.lock().unwrap().execute_batch(sql).unwrap();
        rename("ALTER TABLE outbox RENAME TO away");
        let (queue, writing) = Queue::new(Arc::clone(&database));
        let writing = tokio::spawn(writing);
        queue.tell("a", now(), &1);
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        rename("ALTER TABLE away RENAME TO outbox");
        queue.tell("a", now(), &2);
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        drop(queue);
        writing.await.unwrap();
        assert_eq!(read(&database.lock().unwrap(), 0, 9).unwrap().len(), 2);
    }
}
