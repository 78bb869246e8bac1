//! What was done last to each remote, as the history has it. Read once for each revision.

use std::{collections::BTreeMap, sync::Arc};

use contract::Manifest;
use registry::{Registry, RegistryError, Revision};
use tokio::sync::Mutex;

/// Revisions that are read at once.
const PAGE: usize = 20;
/// Revisions that are looked at. A remote that nobody touched in so many has no last change that matters.
const LOOK_BACK: u64 = 200;

/// By remote.
pub(crate) type Changes = Arc<BTreeMap<String, Revision>>;

/// The changes as of one revision. Held while reading, so that all who wait are served by one look.
#[derive(Debug, Default)]
pub(crate) struct LastChanges(Mutex<Option<(u64, Changes)>>);

impl LastChanges {
    /// Returns the last change of each remote of the manifest.
    pub(crate) async fn of(
        &self,
        registry: &Registry,
        manifest: &Manifest,
    ) -> Result<Changes, RegistryError> {
        let mut known = self.0.lock().await;
        if let Some((revision, changes)) = &*known
            && *revision == manifest.revision
        {
            return Ok(changes.clone());
        }
        let changes: Changes = read(registry, manifest).await?.into();
        *known = Some((manifest.revision, changes.clone()));
        Ok(changes)
    }
}

async fn read(
    registry: &Registry,
    manifest: &Manifest,
) -> Result<BTreeMap<String, Revision>, RegistryError> {
    let (mut found, mut before) = (BTreeMap::new(), manifest.revision + 1);
    let oldest = before.saturating_sub(LOOK_BACK);
    while before > oldest && manifest.remotes.keys().any(|name| !found.contains_key(name)) {
        let revisions = registry.revisions(Some(before), PAGE).await?;
        let Some(last) = revisions.last() else { break };
        before = last.revision;
        for revision in revisions {
            found.entry(revision.remote.clone()).or_insert(revision);
        }
    }
    Ok(found)
}
