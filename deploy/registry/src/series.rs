//! Documents numbered from 1 that are never changed, `<folder>/<n>.json`, and the newest one found.
//!
//! Creating a document fails if it is there: that is the compare and the swap in one.

use object_store::path::Path;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    RegistryError,
    store::{Store, encode},
};

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
            // There was never one: to list the folder is what some storages are slow at.
            None if !store.exists(&self.place(1)).await? => return Ok(0),
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

    /// Returns the number of the newest document to build on, which must be `expected` where that is given.
    pub(crate) async fn base(
        self,
        store: &Store,
        expected: Option<u64>,
    ) -> Result<u64, RegistryError> {
        let actual = self.newest(store).await?;
        match expected.filter(|expected| *expected != actual) {
            None => Ok(actual),
            Some(expected) => Err(RegistryError::Conflict { expected, actual }),
        }
    }

    /// Returns a document that must be there, because a newer one or the hint says so.
    pub(crate) async fn known<T: DeserializeOwned>(
        self,
        store: &Store,
        n: u64,
    ) -> Result<T, RegistryError> {
        match store.get_json(&self.place(n)).await? {
            Some((_, document)) => Ok(document),
            None => Err(RegistryError::Corrupt {
                path: self.hint(),
                source: format!("it names revision {n}, which is not there").into(),
            }),
        }
    }

    /// Adds a document; returns false, and writes nothing, when somebody else was faster: only one of those
    /// who started from the same base adds the next one.
    pub(crate) async fn add<T: Serialize>(
        self,
        store: &Store,
        n: u64,
        document: &T,
    ) -> Result<bool, RegistryError> {
        let place = self.place(n);
        let bytes = encode(&place, document)?;
        if !store.create(&place, bytes).await? {
            return Ok(false);
        }
        // The document already counts, so a failure here costs readers a probe, no more.
        if let Err(error) = store.put(&self.hint(), n.to_string().into()).await {
            tracing::warn!(%error, "cannot move the hint to the newest revision");
        }
        Ok(true)
    }

    /// Returns where the newest one is to be looked for; it may lag behind.
    fn hint(self) -> Path {
        Path::from(format!("{}/current", self.0))
    }

    /// Returns where a document is.
    pub(crate) fn place(self, n: u64) -> Path {
        Path::from(format!("{}/{n}.json", self.0))
    }
}
