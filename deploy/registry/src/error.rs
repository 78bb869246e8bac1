//! Everything that the registry refuses, each with what to do about it.

use object_store::path::Path;

/// A refusal or a failure. The text says what, why and what to do; causes are in `source`.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The location cannot be used.
    #[error("cannot open a registry at `{location}`: give a folder that can be written, or a URL")]
    Open {
        /// Folder or URL.
        location: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The storage failed.
    #[error(
        "the registry's storage failed at `{path}`: check that it can be reached, then try again"
    )]
    Storage {
        /// The object.
        path: Path,
        /// Why.
        #[source]
        source: object_store::Error,
    },
    /// A stored document cannot be understood.
    #[error("`{path}` is damaged: restore it from a backup")]
    Corrupt {
        /// The object.
        path: Path,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A bundle cannot be read from disk.
    #[error("cannot read `{path}`: build the remote again")]
    ReadBundle {
        /// The file or folder.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A bundle breaks a rule.
    #[error("this bundle is refused: {0}")]
    InvalidBundle(String),
    /// A field of a request breaks a rule.
    #[error("`{field}` {why}")]
    InvalidRequest {
        /// Which.
        field: &'static str,
        /// What is wrong and what is expected.
        why: String,
    },
    /// The version is taken.
    #[error(
        "{remote} {version} is already published and published versions never change: raise the version"
    )]
    AlreadyPublished {
        /// The remote.
        remote: String,
        /// The version.
        version: String,
    },
    /// The version is not there.
    #[error("{remote} {version} is not published: publish it first")]
    NotPublished {
        /// The remote.
        remote: String,
        /// The version.
        version: String,
    },
    /// The remote has no release that a canary or a rollback could stand on.
    #[error("{0} has no live version: release one to everybody first")]
    NotReleased(String),
    /// The request would change nothing.
    #[error("{remote} {version} is already {how}: nothing to do")]
    AlreadyLive {
        /// The remote.
        remote: String,
        /// The version.
        version: String,
        /// Live, or on trial.
        how: String,
    },
    /// There is no earlier version that was not withdrawn.
    #[error("{0} has no earlier version to go back to: name a published one, or release a new one")]
    NothingToRollBack(String),
    /// The remote needs another host contract.
    #[error("{remote} {version} needs host contract {needs}, this host offers {offers}: {hint}")]
    Incompatible {
        /// The remote.
        remote: String,
        /// The version.
        version: String,
        /// The range in the descriptor.
        needs: String,
        /// The host's version.
        offers: String,
        /// Which side must move.
        hint: String,
    },
    /// Somebody else was first.
    #[error(
        "the manifest is at revision {actual}, not {expected}: look at what changed, then decide again"
    )]
    Conflict {
        /// What the caller had seen.
        expected: u64,
        /// What is there.
        actual: u64,
    },
    /// Others were first again and again.
    #[error("too many releases at once: try again")]
    Busy,
}
