//! Removing what nothing needs any more.
//!
//! A collection and a release in two processes must not meet: the one removing what the other makes live.
//! Each announces what it is about to do before it looks what the other does.
//!
//! - A release or rollback creates `releasing/<name>/<id>`, *then* reads the tombstones and markers of the
//!   versions that it will name, then swaps the manifest, then removes its announcement.
//! - A collection creates the tombstone `removed/<name>/<version>.json`, *then* looks for announcements and
//!   reads the newest manifest. Only if neither is in the way does it remove the marker, then the files.
//!
//! If the release did not see the tombstone, it had announced itself before the tombstone was there. So the
//! collection, which looks later, finds either the announcement, or, when that is gone again, the manifest
//! that the release made. Either way it keeps the version and takes its tombstone back. This needs a store
//! that reads what was written, as folders, S3, GCS and Azure do.
//!
//! A tombstone stays for ever: a version that was removed is never published again. A crash leaves a version
//! whole, or without its marker and so invisible; the next collection removes the rest.

mod motion;
mod needed;

use contract::valid_name;
use object_store::{ObjectMeta, path::Path};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    DESCRIPTOR, GcReport, GcRequest, Registry, RegistryError, Removed, check::valid_version,
    history::now, publish::STALE_SECONDS, publish::folder, store::encode,
};

/// What a crashed publish left is kept for so long: whoever it was may try again.
const LEFTOVER_SECONDS: i64 = 24 * 3600;

#[derive(Serialize, Deserialize)]
struct Tombstone {
    /// Of the descriptor, hex: what the version was.
    sha256: String,
    who: String,
    removed_at: String,
}

/// Returns where it is written that a version was removed.
pub(crate) fn tombstone(remote: &str, version: &str) -> Path {
    Path::from_iter(["removed", remote, &[version, ".json"].concat()])
}

impl Registry {
    /// Removes every version that is not live, on trial or the one before, and that none of the last
    /// `keep` revisions names; also what crashed publishes left a day ago or earlier.
    ///
    /// # Errors
    /// `keep` is 0, or the storage failed.
    pub async fn gc(&self, request: &GcRequest) -> Result<GcReport, RegistryError> {
        if request.keep == 0 {
            let why = "must be at least 1".to_owned();
            return Err(RegistryError::InvalidRequest { field: "keep", why });
        }
        let needed = self.needed(request.keep).await?;
        let now = self.store.now().await?;
        let mut report = GcReport { dry_run: request.dry_run, ..GcReport::default() };
        for remote in self.store.folders(&Path::from("remotes")).await? {
            for version in self.version_names(&remote).await? {
                // What is none of ours is left alone.
                if !valid_name(&remote) || !valid_version(&version) {
                    continue;
                }
                let objects = self.store.list(&folder(&remote, &version)).await?;
                let bytes = objects.iter().map(|object| object.size).sum();
                let marker = folder(&remote, &version).join(DESCRIPTOR);
                let published = objects.iter().any(|object| object.location == marker);
                let gone = if !published {
                    self.sweep(request, &remote, &version, &objects, now).await?
                } else if needed.names(&remote, &version) {
                    self.keep(request, &remote, &version, now).await?;
                    false
                } else {
                    request.dry_run || self.bury(request, &remote, &version, &objects).await?
                };
                report.kept += usize::from(published && !gone);
                if gone {
                    report.freed_bytes += bytes;
                    report.removed.push(Removed { remote: remote.clone(), version, bytes });
                }
            }
        }
        Ok(report)
    }

    /// Removes a published version unless it is just being released.
    async fn bury(
        &self,
        request: &GcRequest,
        remote: &str,
        version: &str,
        objects: &[ObjectMeta],
    ) -> Result<bool, RegistryError> {
        let marker = folder(remote, version).join(DESCRIPTOR);
        let Some((_, descriptor)) = self.store.get(&marker).await? else { return Ok(false) };
        let path = tombstone(remote, version);
        let (sha256, who) = (hex::encode(Sha256::digest(&descriptor)), request.who.clone());
        let stone = encode(&path, &Tombstone { sha256, who, removed_at: now() })?;
        let mine = self.store.create(&path, stone).await?;
        if self.in_motion(remote).await? || self.needed(request.keep).await?.names(remote, version)
        {
            // One that another collection made is that one's to take back.
            if mine {
                self.store.delete(&path).await?;
            }
            return Ok(false);
        }
        self.store.delete(&marker).await?;
        self.remove(objects).await?;
        tracing::info!(remote.name = remote, remote.version = version, request.who, "removed");
        Ok(true)
    }

    /// Takes back the tombstone of a collection that crashed before it removed anything.
    async fn keep(
        &self,
        request: &GcRequest,
        remote: &str,
        version: &str,
        now: i64,
    ) -> Result<(), RegistryError> {
        let path = tombstone(remote, version);
        match self.store.get(&path).await? {
            Some((meta, _))
                if !request.dry_run && now - meta.last_modified.timestamp() > STALE_SECONDS =>
            {
                self.store.delete(&path).await
            }
            _ => Ok(()),
        }
    }

    /// Removes files without a marker: of a crashed collection at once, of a crashed publish after a day.
    async fn sweep(
        &self,
        request: &GcRequest,
        remote: &str,
        version: &str,
        objects: &[ObjectMeta],
        now: i64,
    ) -> Result<bool, RegistryError> {
        let Some(newest) = objects.iter().map(|object| object.last_modified.timestamp()).max()
        else {
            return Ok(false);
        };
        let removed = self.store.exists(&tombstone(remote, version)).await?;
        if !removed && now - newest < LEFTOVER_SECONDS {
            return Ok(false);
        }
        if request.dry_run {
            return Ok(true);
        }
        // With a claim of its own no publisher writes here meanwhile.
        let claim = match self.claim(remote, version, "garbage collection").await {
            Ok(claim) => claim,
            Err(RegistryError::PublishInProgress { .. }) => return Ok(false),
            Err(error) => return Err(error),
        };
        let finished = self.store.exists(&folder(remote, version).join(DESCRIPTOR)).await?;
        if !finished {
            self.remove(objects).await?;
        }
        self.unclaim(&claim).await;
        Ok(!finished)
    }

    async fn remove(&self, objects: &[ObjectMeta]) -> Result<(), RegistryError> {
        for object in objects {
            self.store.delete(&object.location).await?;
        }
        Ok(())
    }
}
