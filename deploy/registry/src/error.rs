//! Everything that the registry refuses, each with what to do about it.

use contract::Distrust;
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
    /// A file with a key cannot be read or written.
    #[error("cannot use the key file `{path}`: check that it is there and yours")]
    KeyFile {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A key breaks a rule.
    #[error("this key is refused: {0}")]
    InvalidKey(String),
    /// The operating system gave no random bytes.
    #[error("the system has no randomness to make a key of ({0}): try again later")]
    NoRandomness(String),
    /// Nobody who may sign for the remote has signed these bytes.
    #[error("{remote} {version} is refused: {}; {}", why.text(), advice(why))]
    Distrusted {
        /// The remote.
        remote: String,
        /// The version.
        version: String,
        /// What is wrong with its signature.
        why: Distrust,
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
    /// Somebody else is publishing the version at this moment, or crashed while doing so.
    #[error(
        "an unfinished publish of {remote} {version} with other bytes began {began} minutes ago: raise \
         the version, or try again in {again} minutes"
    )]
    PublishInProgress {
        /// The remote.
        remote: String,
        /// The version.
        version: String,
        /// Whole minutes since.
        began: u64,
        /// Whole minutes until what it left may be replaced.
        again: u64,
    },
    /// The version was there and was removed.
    #[error(
        "{remote} {version} was published before and removed, and a version is never used for other \
         bytes: raise the version"
    )]
    VersionRemoved {
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
        "the site is at revision {actual}, not {expected}: look at what changed, then decide again"
    )]
    Conflict {
        /// What the caller had seen.
        expected: u64,
        /// What is there.
        actual: u64,
    },
    /// Others were first again and again.
    #[error("too many changes at once: try again")]
    Busy,
}

fn advice(why: &Distrust) -> &'static str {
    match why {
        Distrust::Unsigned | Distrust::Algorithm(_) => {
            "sign it with a key that the registry trusts"
        }
        Distrust::UnknownKey(_) => "sign it with another key, or have this one trusted",
        Distrust::WrongName { .. } => "sign it with a key for this name, or widen the key's names",
        Distrust::Forged(_) => "sign it again, after the last change of its descriptor",
    }
}
