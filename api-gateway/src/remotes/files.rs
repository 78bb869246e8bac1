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

/// Remote, version, file, encoding, and what the file was like.
type Name = (String, String, String, Encoding, Stamp);

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
        let name = (remote.to_owned(), version.to_owned(), file.to_owned(), encoding, stamp);
        self.0.try_get_with(name, registry.file(remote, version, file, encoding)).await
    }
}
