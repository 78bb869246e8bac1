//! Manifest revisions: finding the newest, adding one.

use contract::{HOST_CONTRACT, Manifest, Release, RemoteState};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    Action, Registry, RegistryError, ReleaseRequest, Revision, RollbackRequest, release,
    series::Series,
};

/// How often a change is tried again on a newer base. At each try somebody else succeeded.
pub(crate) const ATTEMPTS: usize = 1000;

/// What is asked for. An enum and not a closure: an async closure's future would not be `Send`.
pub(crate) enum Request<'a> {
    Release(&'a ReleaseRequest, &'a Release),
    Rollback(&'a RollbackRequest),
}

/// What a release or rollback does to one remote.
pub(crate) struct Change {
    pub(crate) action: Action,
    pub(crate) remote: String,
    pub(crate) from: Option<String>,
    pub(crate) to: String,
    pub(crate) percent: Option<u8>,
    pub(crate) withdrawn: Option<String>,
    pub(crate) state: RemoteState,
    pub(crate) who: String,
    pub(crate) reason: String,
}

impl Registry {
    /// Returns the number of the newest revision, 0 when nothing was released. One or two small reads.
    ///
    /// # Errors
    /// The storage failed.
    pub async fn current_revision(&self) -> Result<u64, RegistryError> {
        Series::MANIFEST.newest(&self.store).await
    }

    /// Returns the current manifest, an empty one of revision 0 when nothing was released.
    ///
    /// # Errors
    /// The storage failed or the revision is damaged.
    pub async fn manifest(&self) -> Result<Manifest, RegistryError> {
        let current = self.current_revision().await?;
        self.manifest_at(current).await
    }

    async fn manifest_at(&self, revision: u64) -> Result<Manifest, RegistryError> {
        if revision == 0 {
            return Ok(Manifest::empty(HOST_CONTRACT, &now()));
        }
        let found: Revision = Series::MANIFEST.known(&self.store, revision).await?;
        Ok(found.manifest)
    }

    /// Returns a revision, `None` when there is none of that number.
    ///
    /// # Errors
    /// The storage failed or the revision is damaged.
    pub async fn revision(&self, n: u64) -> Result<Option<Revision>, RegistryError> {
        Ok(self.store.get_json(&Series::MANIFEST.place(n)).await?.map(|(_, revision)| revision))
    }

    /// Returns up to `limit` revisions older than `before`, or the newest ones, newest first.
    ///
    /// # Errors
    /// The storage failed or a revision is damaged.
    pub async fn revisions(
        &self,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Revision>, RegistryError> {
        let current = self.current_revision().await?;
        let top = before.map_or(current, |before| before.saturating_sub(1).min(current));
        let mut found = Vec::new();
        for n in (1..=top).rev().take(limit) {
            found.extend(self.revision(n).await?);
        }
        Ok(found)
    }

    /// Adds the revision that `request` makes of the newest manifest.
    ///
    /// With `expected` that manifest must be of this revision; without, the change is planned anew until
    /// nobody else was faster.
    pub(crate) async fn change(
        &self,
        expected: Option<u64>,
        request: Request<'_>,
    ) -> Result<Revision, RegistryError> {
        for _ in 0..ATTEMPTS {
            let current = Series::MANIFEST.base(&self.store, expected).await?;
            let base = self.manifest_at(current).await?;
            let change = match request {
                Request::Release(request, release) => release::plan(&base, request, release)?,
                Request::Rollback(request) => self.plan_rollback(&base, request).await?,
            };
            let revision = next(base, change);
            if Series::MANIFEST.add(&self.store, revision.revision, &revision).await? {
                tracing::info!(
                    manifest.revision = revision.revision,
                    remote.name = revision.remote,
                    remote.version = revision.to,
                    action = ?revision.action,
                    "manifest revised"
                );
                return Ok(revision);
            }
        }
        Err(RegistryError::Busy)
    }
}

fn next(mut manifest: Manifest, change: Change) -> Revision {
    let Change { action, remote, from, to, percent, withdrawn, state, who, reason } = change;
    let released_at = now();
    manifest.revision += 1;
    manifest.released_at.clone_from(&released_at);
    HOST_CONTRACT.clone_into(&mut manifest.host_contract);
    manifest.remotes.insert(remote.clone(), state);
    let revision = manifest.revision;
    Revision {
        revision,
        released_at,
        who,
        reason,
        action,
        remote,
        from,
        to,
        percent,
        withdrawn,
        manifest,
    }
}

/// Returns the time as the documents write it.
pub(crate) fn now() -> String {
    rfc3339(OffsetDateTime::now_utc())
}

/// Returns `time` to the second.
pub(crate) fn rfc3339(time: OffsetDateTime) -> String {
    // Only years after 9999 cannot be written.
    time.replace_nanosecond(0).unwrap_or(time).format(&Rfc3339).unwrap_or_default()
}
