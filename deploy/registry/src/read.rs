//! Looking: remotes, versions, files.

use bytes::Bytes;
use contract::{Descriptor, valid_name};
use object_store::path::Path;
use time::OffsetDateTime;

use crate::{
    DESCRIPTOR, Encoding, Registry, RegistryError, RemoteSummary, SIGNATURE, VersionSummary,
    check::{safe_name, valid_version},
    history::rfc3339,
    publish::{folder, place},
};

impl Registry {
    /// Returns every remote that has a published version, by name.
    ///
    /// # Errors
    /// The storage failed.
    pub async fn remotes(&self) -> Result<Vec<RemoteSummary>, RegistryError> {
        let manifest = self.manifest().await?;
        let mut found = Vec::new();
        for name in self.store.folders(&Path::from("remotes")).await? {
            let mut versions = 0;
            for version in self.version_names(&name).await? {
                let marker = folder(&name, &version).join(DESCRIPTOR);
                versions += usize::from(self.store.exists(&marker).await?);
            }
            if versions > 0 {
                let live = manifest.remotes.get(&name).map(|state| state.active.version.clone());
                found.push(RemoteSummary { name, versions, live });
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// Returns the published versions of a remote, the highest first; none when it is unknown.
    ///
    /// # Errors
    /// The storage failed or a descriptor is damaged.
    pub async fn versions(&self, remote: &str) -> Result<Vec<VersionSummary>, RegistryError> {
        if !valid_name(remote) {
            return Ok(Vec::new());
        }
        let manifest = self.manifest().await?;
        let live = manifest.remotes.get(remote).map(|state| state.active.version.as_str());
        let mut found = Vec::new();
        for version in self.version_names(remote).await? {
            let marker = folder(remote, &version).join(DESCRIPTOR);
            let Some((meta, descriptor)) = self.store.get_json::<Descriptor>(&marker).await? else {
                continue;
            };
            let published = OffsetDateTime::from_unix_timestamp(meta.last_modified.timestamp());
            found.push(VersionSummary {
                live: live == Some(version.as_str()),
                version,
                bytes: descriptor.files.values().map(|file| file.bytes).sum(),
                published_at: rfc3339(published.unwrap_or(OffsetDateTime::UNIX_EPOCH)),
                built: descriptor.built,
            });
        }
        found.sort_by_cached_key(|v| std::cmp::Reverse(semver::Version::parse(&v.version).ok()));
        Ok(found)
    }

    pub(crate) async fn version_names(&self, remote: &str) -> Result<Vec<String>, RegistryError> {
        let mut names = self.store.folders(&Path::from_iter(["remotes", remote])).await?;
        names.retain(|name| valid_version(name));
        Ok(names)
    }

    /// Returns the descriptor of a version, `None` when it is not published.
    ///
    /// # Errors
    /// The storage failed or the descriptor is damaged.
    pub async fn descriptor(
        &self,
        remote: &str,
        version: &str,
    ) -> Result<Option<Descriptor>, RegistryError> {
        if !valid_name(remote) || !valid_version(version) {
            return Ok(None);
        }
        let marker = folder(remote, version).join(DESCRIPTOR);
        Ok(self.store.get_json(&marker).await?.map(|(_, descriptor)| descriptor))
    }

    /// Returns a file of a published version, `remote.json` and its signature included.
    ///
    /// `None` when there is no such version or file, or when the file is not stored in `encoding`
    /// (only forms that are smaller than the file are).
    ///
    /// # Errors
    /// The storage failed.
    pub async fn file(
        &self,
        remote: &str,
        version: &str,
        file: &str,
        encoding: Encoding,
    ) -> Result<Option<Bytes>, RegistryError> {
        let Some(path) = published(remote, version, file, encoding) else { return Ok(None) };
        // What a publish is still writing, or left when it crashed, is not there yet.
        let marker = folder(remote, version).join(DESCRIPTOR);
        if file != DESCRIPTOR && !self.store.exists(&marker).await? {
            return Ok(None);
        }
        Ok(self.store.get(&path).await?.map(|(_, bytes)| bytes))
    }
}

/// Returns where a file of a version is, `None` when none may have that name.
pub(crate) fn published(
    remote: &str,
    version: &str,
    file: &str,
    encoding: Encoding,
) -> Option<Path> {
    let own = file == DESCRIPTOR || file == SIGNATURE;
    let may_be = valid_name(remote) && valid_version(version) && (own || safe_name(file));
    may_be.then(|| place(&folder(remote, version), &[file, encoding.suffix()].concat()))
}
