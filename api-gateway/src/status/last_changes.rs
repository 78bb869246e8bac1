//! What was done last to each remote, as the history has it. Read once for each revision.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use contract::Manifest;
use registry::{Registry, RegistryError, Revision};
use tokio::{sync::Mutex, time::Instant};

/// Revisions that are read at once.
const PAGE: usize = 20;
/// Revisions that are looked at. A remote that nobody touched in so many has no last change that matters.
const LOOK_BACK: u64 = 200;

/// By remote.
pub(crate) type Changes = Arc<BTreeMap<String, Revision>>;

/// How long a history that cannot be read is not asked for again.
const REST: Duration = Duration::from_secs(5);

/// The changes as of one revision. Held while reading, so that all who wait are served by one look.
#[derive(Debug, Default)]
pub(crate) struct LastChanges(Mutex<Option<Look>>);

#[derive(Debug)]
struct Look {
    revision: u64,
    at: Instant,
    /// `None` when it failed.
    found: Option<Changes>,
}

impl LastChanges {
    /// Returns the last change of each remote of the manifest, `None` while the history cannot be read.
    pub(crate) async fn of(&self, registry: &Registry, manifest: &Manifest) -> Option<Changes> {
        let mut last = self.0.lock().await;
        if let Some(Look { revision, at, found }) = &*last
            && *revision == manifest.revision
            && (found.is_some() || at.elapsed() < REST)
        {
            return found.clone();
        }
        let found = match read(registry, manifest).await {
            Ok(found) => Some(Changes::from(found)),
            Err(error) => {
                tracing::warn!(cause = service_kit::chain(&error), "cannot read the history");
                None
            }
        };
        let (revision, at) = (manifest.revision, Instant::now());
        *last = Some(Look { revision, at, found: found.clone() });
        found
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
