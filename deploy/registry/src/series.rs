//! Documents numbered from 1 that are never changed, `<folder>/<n>.json`, and the newest one found.
//!
//! Creating a document fails if it is there: that is the compare and the swap in one.

use bytes::Bytes;
use object_store::path::Path;

use crate::{RegistryError, store::Store};

/// A folder of such documents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Series(&'static str);

impl Series {
    /// What is live.
    pub(crate) const MANIFEST: Self = Self("manifest");
    /// How traffic is divided.
    pub(crate) const POOLS: Self = Self("pools");

    /// Returns the number of the newest document, 0 when there is none. One or two small reads.
    pub(crate) async fn newest(self, store: &Store) -> Result<u64, RegistryError> {
        let hint = match store.get(&self.hint()).await? {
            Some((_, bytes)) => String::from_utf8_lossy(&bytes).trim().parse().ok(),
            None => None,
        };
        let mut newest = match hint {
            Some(hint) => hint,
            // No hint, or not a number: it is only that, the documents themselves are the truth.
            None => self.newest_listed(store).await?,
        };
        while store.exists(&self.place(newest + 1)).await? {
            newest += 1;
        }
        Ok(newest)
    }

    async fn newest_listed(self, store: &Store) -> Result<u64, RegistryError> {
        let number = |path: &Path| path.filename()?.strip_suffix(".json")?.parse().ok();
        let listed = store.objects(&Path::from(self.0)).await?;
        Ok(listed.iter().filter_map(number).max().unwrap_or(0))
    }

    /// Adds a document; returns false, and writes nothing, when somebody else was faster.
    pub(crate) async fn add(
        self,
        store: &Store,
        n: u64,
        bytes: Bytes,
    ) -> Result<bool, RegistryError> {
        if !store.create(&self.place(n), bytes).await? {
            return Ok(false);
        }
        // The document already counts, so a failure here costs readers a probe, no more.
        if let Err(error) = store.put(&self.hint(), n.to_string().into()).await {
            tracing::warn!(%error, "cannot move the hint to the newest revision");
        }
        Ok(true)
    }

    /// Returns where the newest one is to be looked for; it may lag behind.
    pub(crate) fn hint(self) -> Path {
        Path::from(format!("{}/current", self.0))
    }

    /// Returns where a document is.
    pub(crate) fn place(self, n: u64) -> Path {
        Path::from(format!("{}/{n}.json", self.0))
    }
}
