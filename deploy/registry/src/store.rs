//! The few things that the registry asks of its storage.
//!
//! Not here: what any object means. Every error names the object.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::{
    Error, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutPayload, path::Path,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::RegistryError;

#[derive(Clone, Debug)]
pub(crate) struct Store(Arc<dyn ObjectStore>);

fn failed(path: &Path) -> impl FnOnce(Error) -> RegistryError {
    let path = path.clone();
    |source| RegistryError::Storage { path, source }
}

/// Writes a document.
pub(crate) fn encode<T: Serialize>(path: &Path, value: &T) -> Result<Bytes, RegistryError> {
    match serde_json::to_vec_pretty(value) {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) => Err(RegistryError::Corrupt { path: path.clone(), source: error.into() }),
    }
}

impl Store {
    pub(crate) fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self(store)
    }

    pub(crate) async fn get(
        &self,
        path: &Path,
    ) -> Result<Option<(ObjectMeta, Bytes)>, RegistryError> {
        let found = match self.0.get(path).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(source) => return Err(failed(path)(source)),
        };
        let meta = found.meta.clone();
        let bytes = found.bytes().await.map_err(failed(path))?;
        Ok(Some((meta, bytes)))
    }

    pub(crate) async fn get_json<T: DeserializeOwned>(
        &self,
        path: &Path,
    ) -> Result<Option<(ObjectMeta, T)>, RegistryError> {
        let Some((meta, bytes)) = self.get(path).await? else { return Ok(None) };
        match serde_json::from_slice(&bytes) {
            Ok(value) => Ok(Some((meta, value))),
            Err(error) => Err(RegistryError::Corrupt { path: path.clone(), source: error.into() }),
        }
    }

    pub(crate) async fn exists(&self, path: &Path) -> Result<bool, RegistryError> {
        match self.0.head(path).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(source) => Err(failed(path)(source)),
        }
    }

    pub(crate) async fn put(&self, path: &Path, bytes: Bytes) -> Result<(), RegistryError> {
        let payload = PutPayload::from_bytes(bytes);
        self.0.put(path, payload).await.map(drop).map_err(failed(path))
    }

    /// Sees to it that the object has these bytes; does not touch one that has them.
    pub(crate) async fn ensure(&self, path: &Path, bytes: Bytes) -> Result<(), RegistryError> {
        if self.create(path, bytes.clone()).await? {
            return Ok(());
        }
        match self.get(path).await? {
            Some((_, there)) if there == bytes => Ok(()),
            _ => self.put(path, bytes).await,
        }
    }

    /// Returns the store's own time in Unix seconds: ages must not depend on the clock of this machine.
    pub(crate) async fn now(&self) -> Result<i64, RegistryError> {
        let path = Path::from("clock");
        self.put(&path, Bytes::new()).await?;
        let meta = self.0.head(&path).await.map_err(failed(&path))?;
        Ok(meta.last_modified.timestamp())
    }

    /// Writes an object that must not be there yet; returns false, and writes nothing, when it is.
    pub(crate) async fn create(&self, path: &Path, bytes: Bytes) -> Result<bool, RegistryError> {
        let payload = PutPayload::from_bytes(bytes);
        match self.0.put_opts(path, payload, PutMode::Create.into()).await {
            Ok(_) => Ok(true),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(false),
            Err(source) => Err(failed(path)(source)),
        }
    }

    pub(crate) async fn put_json<T: Serialize + Sync>(
        &self,
        path: &Path,
        value: &T,
    ) -> Result<(), RegistryError> {
        self.put(path, encode(path, value)?).await
    }

    /// Returns every document below `prefix`.
    pub(crate) async fn all_json<T: DeserializeOwned>(
        &self,
        prefix: &Path,
    ) -> Result<Vec<T>, RegistryError> {
        let mut found = Vec::new();
        for path in self.objects(prefix).await? {
            found.extend(self.get_json(&path).await?.map(|(_, value)| value));
        }
        Ok(found)
    }

    pub(crate) async fn delete(&self, path: &Path) -> Result<(), RegistryError> {
        match self.0.delete(path).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(failed(path)(source)),
        }
    }

    /// Returns every object below `prefix`.
    pub(crate) async fn objects(&self, prefix: &Path) -> Result<Vec<Path>, RegistryError> {
        let listed = self.0.list(Some(prefix)).map_ok(|meta| meta.location);
        listed.try_collect().await.map_err(failed(prefix))
    }

    /// Returns every object below `prefix` with its size and age.
    pub(crate) async fn list(&self, prefix: &Path) -> Result<Vec<ObjectMeta>, RegistryError> {
        self.0.list(Some(prefix)).try_collect().await.map_err(failed(prefix))
    }

    /// Returns the names of the folders directly in `prefix`.
    pub(crate) async fn folders(&self, prefix: &Path) -> Result<Vec<String>, RegistryError> {
        let listed = self.0.list_with_delimiter(Some(prefix)).await.map_err(failed(prefix))?;
        Ok(listed
            .common_prefixes
            .iter()
            .filter_map(|path| path.filename().map(ToOwned::to_owned))
            .collect())
    }
}
