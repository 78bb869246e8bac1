//! Removing what nothing needs any more.

use std::collections::HashSet;

use contract::{Manifest, RemoteState};
use object_store::path::Path;

use crate::{DESCRIPTOR, GcReport, GcRequest, Registry, RegistryError, Removed, publish::folder};

impl Registry {
    /// Removes every version that is not live, on trial or the one before, and that none of the last
    /// `keep` revisions names.
    ///
    /// # Errors
    /// `keep` is 0, or the storage failed.
    pub async fn gc(&self, request: &GcRequest) -> Result<GcReport, RegistryError> {
        let GcRequest { keep, dry_run, who } = request;
        if *keep == 0 {
            let why = "must be at least 1".to_owned();
            return Err(RegistryError::InvalidRequest { field: "keep", why });
        }
        let needed = self.needed(*keep).await?;
        let mut report = GcReport { dry_run: *dry_run, ..GcReport::default() };
        for remote in self.store.folders(&Path::from("remotes")).await? {
            for version in self.version_names(&remote).await? {
                let folder = folder(&remote, &version);
                let marker = folder.clone().join(DESCRIPTOR);
                if !self.store.exists(&marker).await? {
                    continue;
                }
                if needed.contains(&(remote.clone(), version.clone())) {
                    report.kept += 1;
                    continue;
                }
                let objects = self.store.sizes(&folder).await?;
                let bytes = objects.iter().map(|(_, bytes)| bytes).sum();
                if !dry_run {
                    self.store.delete(&marker).await?;
                    for (path, _) in objects {
                        self.store.delete(&path).await?;
                    }
                    tracing::info!(remote.name = remote, remote.version = version, who, "removed");
                }
                report.freed_bytes += bytes;
                report.removed.push(Removed { remote: remote.clone(), version, bytes });
            }
        }
        Ok(report)
    }

    async fn needed(&self, keep: u64) -> Result<HashSet<(String, String)>, RegistryError> {
        let mut needed = HashSet::new();
        name_all(&self.manifest().await?, &mut needed);
        for revision in self.revisions(None, usize::try_from(keep).unwrap_or(usize::MAX)).await? {
            name_all(&revision.manifest, &mut needed);
        }
        Ok(needed)
    }
}

fn name_all(manifest: &Manifest, needed: &mut HashSet<(String, String)>) {
    for (remote, RemoteState { active, canary, previous, withdrawn: _ }) in &manifest.remotes {
        let trial = canary.as_ref().map(|canary| &canary.release);
        for release in [Some(active), trial, previous.as_ref()].into_iter().flatten() {
            needed.insert((remote.clone(), release.version.clone()));
        }
    }
}
