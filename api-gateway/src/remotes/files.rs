//! Published files in memory: what is asked for again is not read again, from a disk or over a network.
//!
//! A published file never changes; that somebody changed or removed it on the disk is seen all the same, as the
//! doctor and the page's own check of integrity must see it. What `gc` removed from a bucket is here for a
//! minute more.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use moka::future::Cache;
use registry::{Encoding, Registry, RegistryError, Stamp};

/// Bytes of all of them.
const MOST: u64 = 64 << 20;
/// How long one is kept.
const KEPT: Duration = Duration::from_secs(60);
/// What one takes besides its bytes.
const EACH: usize = 256;

/// The path, its encoding, and what the file was like.
type Name = (String, Encoding, Stamp);

/// The files, `None` for those that there are not.
#[derive(Debug)]
pub(crate) struct Files(Cache<Name, Option<Bytes>>);

impl Default for Files {
    fn default() -> Self {
        let weigh = |_: &Name, file: &Option<Bytes>| {
            let bytes = EACH + file.as_ref().map_or(0, Bytes::len);
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let cache = Cache::builder().max_capacity(MOST).weigher(weigh).time_to_live(KEPT);
        Self(cache.build())
    }
}

impl Files {
    /// Returns a file as [`Registry::file`] does, which many who ask at once read once.
    ///
    /// # Errors
    /// The storage failed.
    pub(super) async fn get(
        &self,
        registry: &Registry,
        (remote, version, file): (&str, &str, &str),
        encoding: Encoding,
    ) -> Result<Option<Bytes>, Arc<RegistryError>> {
        let stamp = registry.stamp(remote, version, file, encoding);
        let name = ([remote, version, file].join("/"), encoding, stamp);
        match self.0.get(&name).await {
            Some(known) => Ok(known),
            // Boxed, because it is large and seldom needed.
            None => {
                let read = registry.file(remote, version, file, encoding);
                Box::pin(self.0.try_get_with(name, read)).await
            }
        }
    }
}
