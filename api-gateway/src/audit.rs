//! What was changed and by whom, as entries of this gateway's audit log.
//!
//! With a data folder there is a log (the `audit` crate); without one there is none, and everything else works
//! the same. Who changes something through the gateway is refused while the log cannot be written
//! ([`Audit::ready`]), since the change would be one that nobody can trace. Visitors notice nothing of it.
//!
//! Whoever has the registry's storage can release past every gateway, as the tool does on a folder. So the
//! gateway compares the log with the registry: each revision becomes one entry, at once when it was made here
//! and by [`Audit::watch`] otherwise, where `who` is what the revision claims and the outcome says that it was
//! only seen. Keys are compared the same way. A crash between a release and its entry heals like that too.
//!
//! The log's head is kept in the registry, so that a log whose end was cut off does not pass for whole.
//!
//! Not here: publications and collections past the gateway, which the registry itself remembers (signatures,
//! tombstones with names). Addresses and anything else about people but the name that they act under.

mod seen;
mod watch;

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use audit::{AuditError, Log, Record, what};
use axum::http::{HeaderValue, StatusCode, header};
use registry::{Action, Registry, Revision};
use service_kit::{ApiError, telemetry::continued};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use seen::Seen;
use watch::Looks;

/// The log, if this gateway keeps one. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Audit(Option<Arc<Book>>);

#[derive(Debug)]
struct Book {
    registry: Registry,
    /// Held while the disk is written to; who waits for that lets others work.
    pages: Arc<AsyncMutex<Pages>>,
    /// Held while a revision is made and recorded, or `watch` would take it for somebody else's.
    changing: Arc<AsyncMutex<()>>,
    looks: Mutex<Looks>,
}

/// The log and what is known from it. Writing waits for the disk.
#[derive(Debug)]
struct Pages {
    log: Log,
    seen: Seen,
    /// What could not be written yet, in its order.
    waiting: Vec<Record>,
}

impl Pages {
    /// Adds what waits and what `decide` makes of what is known. Nothing is lost when it fails but what
    /// `decide` says, which finds it again.
    fn write(&mut self, decide: impl FnOnce(&Seen) -> Vec<Record>) -> Result<(), AuditError> {
        let Self { log, seen, waiting } = self;
        let added = log.append(|news| {
            news.iter().for_each(|entry| seen.note(entry));
            let decided = decide(seen);
            let begins = seen.log.is_some() || decided.first().is_some_and(Seen::is_begin);
            // The first entry names the log. It is written by the first look at the registry.
            if !begins {
                return Vec::new();
            }
            decided.into_iter().chain(waiting.iter().cloned()).collect()
        })?;
        added.iter().for_each(|entry| seen.note(entry));
        if seen.log.is_some() {
            waiting.clear();
        }
        Ok(())
    }
}

impl Audit {
    /// Opens the log in a data folder.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub(crate) fn open(folder: Option<&Path>, registry: Registry) -> Result<Self, AuditError> {
        let Some(folder) = folder else { return Ok(Self::default()) };
        let pages = Pages { log: Log::open(folder)?, seen: Seen::default(), waiting: Vec::new() };
        let (pages, looks) = (Arc::new(AsyncMutex::new(pages)), Mutex::default());
        Ok(Self(Some(Arc::new(Book { registry, pages, changing: Arc::default(), looks }))))
    }

    /// Checks that what is done next can be recorded.
    pub(crate) async fn ready(&self) -> Result<(), ApiError> {
        let Some(book) = &self.0 else { return Ok(()) };
        let begun =
            book.write(|_| Vec::new()).await && book.pages(|pages| pages.seen.log.is_some()).await;
        if begun {
            return Ok(());
        }
        let detail = "Changes are refused while they cannot be recorded. Tell the operators.";
        Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "audit-unavailable", detail)
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("10")))
    }

    /// Records what was done, also when nobody waits for that any more: a caller who hangs up would take it
    /// away with them. If it fails, it waits in memory and the next change is refused.
    pub(crate) async fn record(&self, record: Record) {
        let Some(book) = self.0.clone() else { return };
        let record = async move {
            book.pages(|pages| pages.waiting.push(record)).await;
            book.write(|_| Vec::new()).await;
        };
        if let Err(error) = tokio::spawn(continued(record)).await {
            tracing::error!(%error, "cannot record what was done");
        }
    }

    /// Records what came of an attempt: `done` or the code of the problem.
    pub(crate) async fn attempt<T>(
        &self,
        (who, what, target): (String, &str, String),
        result: &Result<T, ApiError>,
        done: impl FnOnce(&T) -> String,
    ) {
        let outcome = match result {
            Ok(value) => done(value),
            Err(error) => format!("refused: {}", error.code),
        };
        self.record(Record::new(who, what, target, outcome)).await;
    }

    /// Keeps `watch` away until the revision that is made now is recorded.
    pub(crate) async fn changing(&self) -> Option<OwnedMutexGuard<()>> {
        Some(self.0.as_ref()?.changing.clone().lock_owned().await)
    }

    /// Records a revision that was made here.
    pub(crate) async fn revised(&self, revision: &Revision) {
        self.record(record_of(revision, "")).await;
    }
}

impl Book {
    async fn pages<T>(&self, work: impl FnOnce(&mut Pages) -> T) -> T {
        work(&mut *self.pages.lock().await)
    }

    /// Writes on a thread that may wait for the disk; says so in the log when it fails.
    async fn write(&self, decide: impl FnOnce(&Seen) -> Vec<Record> + Send + 'static) -> bool {
        let mut pages = self.pages.clone().lock_owned().await;
        let work = move || pages.write(decide);
        let cause = match tokio::task::spawn_blocking(work).await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => service_kit::chain(&error),
            Err(panic) => panic.to_string(),
        };
        metrics::counter!("audit_failures_total").increment(1);
        tracing::error!(cause, "cannot write the audit log: changes are refused");
        false
    }
}

/// Returns the record of a revision.
fn record_of(revision: &Revision, how: &str) -> Record {
    let Revision { revision, who, action, remote, to, .. } = revision;
    let what = match action {
        Action::Release => what::RELEASE,
        Action::Rollback => what::ROLLBACK,
    };
    Record::new(who, what, format!("{remote}@{to}"), format!("revision {revision}{how}"))
}
