//! Published files in memory: what is asked for again is not read again, from a disk or over a network.
//!
//! A published file never changes; that somebody changed or removed it on the disk is seen all the same, as the
//! doctor and the page's own check of integrity must see it. What `gc` removed from a bucket is here for a
//! minute more.

use std::{sync::Arc, time::Duration};

use axum::http::{HeaderValue, header};
use moka::future::Cache;
use registry::{Encoding, Registry, RegistryError, Stamp, integrity};

use crate::assets::{Asset, IMMUTABLE};

/// Bytes of all of them.
const MOST: u64 = 64 << 20;
/// How long one is kept.
const KEPT: Duration = Duration::from_secs(60);
/// What one takes besides its bytes.
const EACH: usize = 1024;

/// JavaScript hosts elsewhere load remotes too.
pub(super) const ANY: HeaderValue = HeaderValue::from_static("*");

/// The path, its encoding, and what the file was like.
type Name = (String, Encoding, Stamp);

/// The files, `None` for those that there are not.
#[derive(Debug)]
pub(crate) struct Files(Cache<Name, Option<Arc<Asset>>>);

impl Default for Files {
    fn default() -> Self {
        let weigh = |_: &Name, file: &Option<Arc<Asset>>| {
            let bytes = EACH + file.as_ref().map_or(0, |file| file.len());
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let cache = Cache::builder().max_capacity(MOST).weigher(weigh).time_to_live(KEPT);
        Self(cache.build())
    }
}

impl Files {
    /// Returns a file as [`Registry::file`] does, which many who ask at once read once. `listed` is its integrity
    /// as the version's descriptor has it.
    ///
    /// # Errors
    /// The storage failed.
    pub(super) async fn get(
        &self,
        registry: &Registry,
        (remote, version, file): (&str, &str, &str),
        encoding: Encoding,
        listed: Option<&str>,
    ) -> Result<Option<Arc<Asset>>, Arc<RegistryError>> {
        let stamp = registry.stamp(remote, version, file, encoding);
        let name = ([remote, version, file].join("/"), encoding, stamp);
        if let Some(known) = self.0.get(&name).await {
            return Ok(known);
        }
        let read = async {
            let bytes = registry.file(remote, version, file, encoding).await?;
            let asset = bytes.map(|bytes| {
                let integrity = listed.map_or_else(|| integrity(&bytes), ToOwned::to_owned);
                Asset::new(file, bytes, encoding, &integrity, IMMUTABLE)
                    .with_header(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY)
            });
            Ok(asset.map(Arc::new))
        };
        // Boxed, because it is large and seldom needed.
        Box::pin(self.0.try_get_with(name, read)).await
    }
}
