//! Immutable bundles and manifest revisions over an object store.
//!
//! ```text
//! remotes/<name>/<version>/<file>        and <file>.br, <file>.gz where they are smaller
//! remotes/<name>/<version>/remote.json.sig   Ed25519 over the exact bytes of remote.json
//! remotes/<name>/<version>/remote.json   written last: a version exists if and only if this does
//! publishing/<name>/<version>/<n>.json   who may write a version's files (`publish::claim`)
//! removed/<name>/<version>.json          a version that was collected and never comes back (`gc`)
//! releasing/<name>/<id>                  a release or rollback under way, respected by `gc`
//! keys/signing/, keys/api/               whose signatures count; who may do what
//! audit/<log>.json                       the heads of gateways' audit logs
//! clock                                  written to learn the store's time
//! manifest/<revision>.json               every revision ever served, with who, when, why
//! manifest/current                       a hint where to look for the newest one
//! pools/<revision>.json, pools/current   how traffic is divided between pools, in the same way
//! ```
//!
//! **Architecture invariant:** what was published or released is never changed. A revision is made by
//! creating `manifest/<revision>.json`, which fails if it is there: that creation is the compare and the
//! swap in one, on a local folder as on S3. `manifest/current` may lag behind, so readers look past it.
//!
//! Not here: HTTP and reading keys from requests (the gateway), how a bundle is built (the tool).

mod api_key;
mod archive;
mod audit_head;
mod bundle;
mod check;
mod encoding;
mod error;
mod gc;
mod history;
mod integrity;
mod model;
mod pools;
pub mod precompress;
mod publish;
mod read;
mod release;
mod rollback;
pub mod s3;
mod secret;
mod series;
mod signing;
mod stamp;
mod store;
mod trust;

pub use api_key::{ApiKey, Verb, find_api_key};
pub use archive::ArchiveLimits;
pub use audit_head::AuditHead;
pub use bundle::{Bundle, DESCRIPTOR, SIGNATURE};
pub use encoding::Encoding;
pub use error::RegistryError;
pub use integrity::integrity;
pub use model::{
    Action, GcReport, GcRequest, PoolSummary, Pools, PoolsRevision, ReleaseRequest, RemoteSummary,
    Removed, Revision, RollbackRequest, SwitchRequest, VersionOutcomes, VersionSummary,
};
pub use signing::{SigningKey, public_key_id, verify};
pub use stamp::Stamp;

use std::{path::PathBuf, sync::Arc};

use object_store::{ObjectStore, local::LocalFileSystem, prefix::PrefixStore};
use store::Store;
use url::Url;

/// A registry. Clones share the same store.
#[derive(Clone, Debug)]
pub struct Registry {
    store: Store,
    /// Where the objects are files.
    folder: Option<PathBuf>,
}

impl Registry {
    /// Opens the registry in a folder, which is made when missing, or at a URL.
    ///
    /// `s3://bucket/prefix` is S3 or a store that speaks its protocol, configured by the usual variables:
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT` for another server than
    /// Amazon's, and `AWS_ALLOW_HTTP=true`. `file://` and `memory://` work too.
    ///
    /// # Errors
    /// The folder cannot be made, or the URL names a kind of storage that is not known.
    pub fn open(location: &str) -> Result<Self, RegistryError> {
        let cannot = |source: Box<dyn std::error::Error + Send + Sync>| RegistryError::Open {
            location: location.to_owned(),
            source,
        };
        match Url::parse(location) {
            // One letter is a drive, not a scheme.
            Ok(url) if url.scheme().len() > 1 => match url.to_file_path() {
                Ok(folder) if url.scheme() == "file" => local(folder).map_err(cannot),
                _ if url.scheme() == "s3" => Ok(Self::over(s3::open(&url).map_err(cannot)?)),
                _ => {
                    let (store, path) =
                        object_store::parse_url(&url).map_err(|error| cannot(error.into()))?;
                    Ok(Self::over(Arc::new(PrefixStore::new(store, path))))
                }
            },
            _ => local(PathBuf::from(location)).map_err(cannot),
        }
    }

    /// Makes a registry of a store that the caller opened.
    #[must_use]
    pub fn over(store: Arc<dyn ObjectStore>) -> Self {
        Self { store: Store::new(store), folder: None }
    }
}

fn local(folder: PathBuf) -> Result<Registry, Box<dyn std::error::Error + Send + Sync>> {
    std::fs::create_dir_all(&folder)?;
    // A release that was answered must survive a power cut.
    let store = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true);
    Ok(Registry { folder: Some(folder), ..Registry::over(Arc::new(store)) })
}
