//! Announcements of releases and rollbacks under way, `releasing/<name>/<id>`.

use bytes::Bytes;
use object_store::path::Path;

use crate::{Registry, RegistryError, publish::STALE_SECONDS, secret::random};

/// An announcement. It must be taken back with [`Registry::settled`].
#[must_use]
pub(crate) struct Motion(Path);

impl Registry {
    /// Announces that what is live of a remote is about to change.
    pub(crate) async fn moving(&self, remote: &str) -> Result<Motion, RegistryError> {
        let path = Path::from_iter(["releasing", remote, &hex::encode(random::<8>()?)]);
        self.store.put(&path, Bytes::new()).await?;
        Ok(Motion(path))
    }

    /// Takes an announcement back. One that stays keeps versions from being collected for an hour.
    pub(crate) async fn settled(&self, motion: Motion) {
        if let Err(error) = self.store.delete(&motion.0).await {
            tracing::warn!(%error, "cannot take back the announcement of a release");
        }
    }

    /// Tells whether a release or rollback of the remote is under way; forgets crashed ones.
    pub(crate) async fn in_motion(&self, remote: &str) -> Result<bool, RegistryError> {
        let announced = self.store.list(&Path::from_iter(["releasing", remote])).await?;
        if announced.is_empty() {
            return Ok(false);
        }
        let now = self.store.now().await?;
        let mut found = false;
        for object in announced {
            if now - object.last_modified.timestamp() < STALE_SECONDS {
                found = true;
            } else {
                self.store.delete(&object.location).await?;
            }
        }
        Ok(found)
    }
}
