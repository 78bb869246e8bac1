//! Comparing the log with the registry.

use std::{
    collections::BTreeMap,
    sync::PoisonError,
    time::{Duration, Instant},
};

use registry::{AuditHead, Registry, RegistryError};

use super::{Audit, Book, Pages, record_of, seen::Seen};

/// Between two looks at the keys: each is a request to the storage.
const KEYS: Duration = Duration::from_secs(30);
/// After a failure, until the next look.
const AGAIN: Duration = Duration::from_secs(10);
/// So many revisions are caught up with at one look.
const MOST: usize = 100;

/// What was looked at when.
#[derive(Debug, Default)]
pub(super) struct Looks {
    keys: Option<Instant>,
    failed: Option<Instant>,
    /// The entry whose hash the registry keeps.
    kept: u64,
}

impl Audit {
    /// Records what was changed past this gateway, and keeps the log's head in the registry.
    ///
    /// `newest` is the registry's revision. What fails now is found again at the next look.
    pub(crate) async fn watch(&self, newest: u64) {
        let Some(book) = &self.0 else { return };
        // Whoever is changing something records it in a moment.
        let Ok(_quiet) = book.changing.try_lock() else { return };
        if book.looks(|looks| looks.failed.is_some_and(|at| at.elapsed() < AGAIN)) {
            return;
        }
        let compared = book.compare(newest).await;
        if let Err(error) = &compared {
            tracing::warn!(cause = service_kit::chain(error), "cannot compare the audit log");
        }
        let failed = !matches!(compared, Ok(true));
        book.looks(|looks| looks.failed = failed.then(Instant::now));
    }
}

impl Book {
    /// Returns whether the log could be written.
    async fn compare(&self, newest: u64) -> Result<bool, RegistryError> {
        if self.pages(|pages| pages.seen.log.is_none()).await && !self.begin(newest).await? {
            return Ok(false);
        }
        let missing = self.pages(|pages| pages.seen.missing(newest, MOST)).await;
        let mut revisions = Vec::new();
        for revision in missing {
            revisions.extend(self.registry.revision(revision).await?);
        }
        let mut written = true;
        if !revisions.is_empty() || self.pages(|pages| !pages.waiting.is_empty()).await {
            written = self
                .write(move |seen| {
                    let new = revisions.iter().filter(|revision| !seen.knows(revision.revision));
                    new.map(|revision| record_of(revision, ", seen in the registry")).collect()
                })
                .await;
        }
        if self.looks(|looks| looks.keys.is_none_or(|at| at.elapsed() >= KEYS)) {
            let keys = keys(&self.registry).await?;
            written = written && self.write(move |seen| seen.keys_changed(&keys)).await;
            self.looks(|looks| looks.keys = Some(Instant::now()));
        }
        self.keep_head().await?;
        Ok(written)
    }

    /// Names the log, unless another process has.
    async fn begin(&self, newest: u64) -> Result<bool, RegistryError> {
        let mut random = [0; 8];
        getrandom::fill(&mut random)
            .map_err(|error| RegistryError::NoRandomness(error.to_string()))?;
        let log = hex::encode(random);
        let begun = self.write(move |seen| {
            let begins = seen.log.is_none().then(|| Seen::begin(log, newest));
            begins.into_iter().collect()
        });
        Ok(begun.await)
    }

    async fn keep_head(&self) -> Result<(), RegistryError> {
        let known = |pages: &mut Pages| (pages.seen.log.clone(), pages.log.head().cloned());
        let (log, head) = self.pages(known).await;
        let (Some(log), Some(head)) = (log, head) else { return Ok(()) };
        if self.looks(|looks| looks.kept >= head.sequence) {
            return Ok(());
        }
        let sequence = head.sequence;
        self.registry.keep_audit_head(&AuditHead::new(log, sequence, head.hash)).await?;
        self.looks(|looks| looks.kept = sequence);
        Ok(())
    }

    fn looks<T>(&self, work: impl FnOnce(&mut Looks) -> T) -> T {
        work(&mut self.looks.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Returns the keys that count, and what each allows.
async fn keys(registry: &Registry) -> Result<BTreeMap<String, String>, RegistryError> {
    let mut keys = BTreeMap::new();
    for key in registry.api_keys().await? {
        keys.insert(format!("api/{}", key.id), key.summary());
    }
    for key in registry.trusted_keys().await? {
        keys.insert(format!("signing/{}", key.id), format!("signs {}", key.names.join(", ")));
    }
    Ok(keys)
}
