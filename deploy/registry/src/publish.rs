//! Storing a bundle so that it is there whole or not at all.

use std::collections::BTreeMap;

use bytes::Bytes;
use contract::{Descriptor, Signature};
use object_store::path::Path;

use crate::{
    Bundle, DESCRIPTOR, Registry, RegistryError, SIGNATURE,
    check::check,
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
    /// What a crashed publish left is replaced. Two processes that publish *different* bundles under
    /// one version at the same moment could mix their files; integrity then refuses them in every
    /// browser. Within a process that cannot happen.
    ///
    /// # Errors
    /// The bundle breaks a rule, the version exists, or the storage failed.
    pub async fn publish(&self, bundle: &Bundle) -> Result<Descriptor, RegistryError> {
        let descriptor = check(bundle)?;
        fitting(&descriptor)?;
        let signature = signature(bundle.signature.as_deref())?;
        self.signed(&descriptor, &bundle.descriptor, signature.as_ref()).await?;
        let taken = || RegistryError::AlreadyPublished {
            remote: descriptor.name.clone(),
            version: descriptor.version.clone(),
        };
        let folder = folder(&descriptor.name, &descriptor.version);
        let marker = folder.clone().join(DESCRIPTOR);
        if self.store.exists(&marker).await? {
            return Err(taken());
        }
        let objects = objects(&folder, bundle).await;

        let _publishing = self.publishing.lock().await;
        if self.store.exists(&marker).await? {
            return Err(taken());
        }
        // A leftover `.br` of other bytes would be served in place of a file that has none now.
        for left in self.store.objects(&folder).await? {
            if !objects.contains_key(&left) {
                self.store.delete(&left).await?;
            }
        }
        for (path, bytes) in objects {
            self.store.put(&path, bytes).await?;
        }
        if let Some(signature) = &bundle.signature {
            self.store.put(&folder.clone().join(SIGNATURE), signature.clone()).await?;
        }
        if !self.store.create(&marker, bundle.descriptor.clone()).await? {
            return Err(taken());
        }
        tracing::info!(
            remote.name = descriptor.name,
            remote.version = descriptor.version,
            "remote published"
        );
        Ok(descriptor)
    }
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
async fn objects(folder: &Path, bundle: &Bundle) -> BTreeMap<Path, Bytes> {
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
