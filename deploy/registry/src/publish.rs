//! Storing a bundle so that it is there whole or not at all.

mod claim;

pub(crate) use claim::{Claim, STALE_SECONDS};

use std::collections::BTreeMap;

use bytes::Bytes;
use contract::{Descriptor, Signature};
use object_store::path::Path;
use sha2::{Digest, Sha256};

use crate::{
    Bundle, DESCRIPTOR, Registry, RegistryError, SIGNATURE,
    check::check,
    gc::tombstone,
    precompress::{Precompressed, precompress},
    release::fitting,
    signing::verify,
};

impl Registry {
    /// Checks a signature against the keys that are trusted now.
    pub(crate) async fn signed(
        &self,
        descriptor: &Descriptor,
        bytes: &[u8],
        signature: Option<&Signature>,
    ) -> Result<(), RegistryError> {
        let Descriptor { name, version, .. } = descriptor;
        verify(&self.trusted_keys().await?, name, bytes, signature).map_err(|why| {
            let (remote, version) = (name.clone(), version.clone());
            RegistryError::Distrusted { remote, version, why }
        })
    }

    /// Stores a version under the name and version that the caller asked for.
    ///
    /// # Errors
    /// The bundle says that it is another remote or version, or as [`Registry::publish`].
    pub async fn publish_as(
        &self,
        remote: &str,
        version: &str,
        bundle: &Bundle,
    ) -> Result<Descriptor, RegistryError> {
        let found = check(bundle)?;
        if (&*found.name, &*found.version) != (remote, version) {
            let Descriptor { name, version: is, .. } = found;
            return Err(RegistryError::InvalidBundle(format!(
                "it is {name} {is} and cannot be published as {remote} {version}"
            )));
        }
        self.publish(bundle).await
    }

    /// Stores a version for ever and returns its descriptor. It is not live yet.
    ///
    /// A publish that crashed, anywhere, left nothing that can be seen; the same bundle can be published
    /// again at once, another one under the same version after an hour.
    ///
    /// # Errors
    /// The bundle breaks a rule or is not signed by a trusted key, it does not fit the host, the version
    /// exists, existed, or is being published with other bytes, or the storage failed.
    pub async fn publish(&self, bundle: &Bundle) -> Result<Descriptor, RegistryError> {
        let descriptor = check(bundle)?;
        fitting(&descriptor)?;
        let signature = signature(bundle.signature.as_deref())?;
        self.signed(&descriptor, &bundle.descriptor, signature.as_ref()).await?;
        let Descriptor { name, version, .. } = &descriptor;
        self.vacant(name, version).await?;
        let objects = objects(name, version, bundle).await;

        let claim = self.claim(name, version, &digest(bundle)).await?;
        let stored = self.store_claimed(&descriptor, bundle, objects, &claim).await;
        // After a failure the claim stays: the same bundle may go on at once, others after a while.
        if matches!(stored, Ok(()) | Err(RegistryError::AlreadyPublished { .. })) {
            self.unclaim(&claim).await;
        }
        stored?;
        tracing::info!(
            remote.name = descriptor.name,
            remote.version = descriptor.version,
            "remote published"
        );
        Ok(descriptor)
    }

    /// Checks that the version is not there, and never was.
    async fn vacant(&self, name: &str, version: &str) -> Result<(), RegistryError> {
        let owned = || (name.to_owned(), version.to_owned());
        // In this order: a collection leaves the tombstone before it takes the marker.
        if self.store.exists(&folder(name, version).join(DESCRIPTOR)).await? {
            let (remote, version) = owned();
            return Err(RegistryError::AlreadyPublished { remote, version });
        }
        if self.store.exists(&tombstone(name, version)).await? {
            let (remote, version) = owned();
            return Err(RegistryError::VersionRemoved { remote, version });
        }
        Ok(())
    }

    /// Writes the files, then the signature, then the marker, all in a folder that is claimed.
    async fn store_claimed(
        &self,
        descriptor: &Descriptor,
        bundle: &Bundle,
        mut objects: BTreeMap<Path, Bytes>,
        claim: &Claim,
    ) -> Result<(), RegistryError> {
        let Descriptor { name, version, .. } = descriptor;
        // Again: the claim may be younger than somebody's whole publish.
        self.vacant(name, version).await?;
        let folder = folder(name, version);
        let sign = folder.clone().join(SIGNATURE);
        objects.extend(bundle.signature.clone().map(|bytes| (sign.clone(), bytes)));
        // A leftover `.br` of other bytes would be served in place of a file that has none now.
        let marker = folder.clone().join(DESCRIPTOR);
        for left in self.store.objects(&folder).await? {
            // The marker of somebody who published the same bytes meanwhile is no leftover.
            if left != marker && !objects.contains_key(&left) {
                self.store.delete(&left).await?;
            }
        }
        let last = objects.remove_entry(&sign);
        for (path, bytes) in objects.into_iter().chain(last) {
            self.store.ensure(&path, bytes).await?;
        }
        self.still_owns(claim, name, version).await?;
        if self.store.create(&marker, bundle.descriptor.clone()).await? {
            return Ok(());
        }
        let (remote, version) = (name.clone(), version.clone());
        Err(RegistryError::AlreadyPublished { remote, version })
    }
}

/// Returns what a claim is made on: descriptor and signature, which say everything.
fn digest(bundle: &Bundle) -> String {
    let signature = bundle.signature.as_deref().unwrap_or_default();
    hex::encode(Sha256::new().chain_update(&bundle.descriptor).chain_update(signature).finalize())
}

/// Reads a signature's document.
pub(crate) fn signature(bytes: Option<&[u8]>) -> Result<Option<Signature>, RegistryError> {
    let read = |bytes| {
        serde_json::from_slice(bytes).map_err(|error| {
            RegistryError::InvalidBundle(format!("`{SIGNATURE}` cannot be read: {error}"))
        })
    };
    bytes.map(read).transpose()
}

/// Returns where the files of a version are.
pub(crate) fn folder(remote: &str, version: &str) -> Path {
    Path::from_iter(["remotes", remote, version])
}

/// Returns the place of a file in a version's folder; names with `/` are folders below it.
pub(crate) fn place(folder: &Path, file: &str) -> Path {
    file.split('/').fold(folder.clone(), Path::join)
}

/// Returns every object of a bundle but the marker, compressing all files at once.
async fn objects(name: &str, version: &str, bundle: &Bundle) -> BTreeMap<Path, Bytes> {
    let folder = &folder(name, version);
    let tasks: Vec<_> = bundle
        .files
        .iter()
        .map(|(name, bytes)| {
            let input = bytes.clone();
            (name, bytes, tokio::task::spawn_blocking(move || precompress(&input)))
        })
        .collect();
    let mut objects = BTreeMap::new();
    for (name, bytes, task) in tasks {
        objects.insert(place(folder, name), bytes.clone());
        // Only a panic ends the task without a result; the file is then served as it is.
        let Precompressed { brotli, gzip } = task.await.unwrap_or_default();
        for (suffix, smaller) in [(".br", brotli), (".gz", gzip)] {
            if let Some(smaller) = smaller {
                objects.insert(place(folder, &[name, suffix].concat()), smaller.into());
            }
        }
    }
    objects
}
