//! What the registry is asked and what it answers.

use std::collections::BTreeMap;

use contract::{Built, Manifest};
use serde::{Deserialize, Serialize};

/// Makes a version live.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReleaseRequest {
    /// The remote's name.
    pub remote: String,
    /// A published version of it.
    pub version: String,
    /// 1–99 puts the version on trial for that share of the sessions; absent: for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// For the history.
    pub reason: String,
    /// Who asks; set by the caller's authentication, never read from a request.
    #[serde(skip)]
    pub who: String,
}

/// Takes the newest release of a remote back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RollbackRequest {
    /// The remote's name.
    pub remote: String,
    /// A published version; absent: what was live before. While a version is on trial, absent ends the
    /// trial and leaves the active version alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// For the history.
    pub reason: String,
    /// Who asks; set by the caller's authentication, never read from a request.
    #[serde(skip)]
    pub who: String,
}

/// What a revision did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Made a version live, or put it on trial.
    Release,
    /// Took a version back.
    Rollback,
}

/// One entry of the history, with the whole manifest as it was served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revision {
    /// From 1, without gaps.
    pub revision: u64,
    /// RFC 3339, UTC.
    pub released_at: String,
    /// Who asked for it.
    pub who: String,
    /// Why.
    pub reason: String,
    /// What was done.
    pub action: Action,
    /// To which remote.
    pub remote: String,
    /// The version that was replaced; absent when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The version that came, or came back.
    pub to: String,
    /// Set when `to` went on trial only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// The version that a rollback took back; open tabs must leave it at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<String>,
    /// What was served from then on.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub manifest: Manifest,
}

/// A remote in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RemoteSummary {
    /// Its name.
    pub name: String,
    /// How many versions are published.
    pub versions: usize,
    /// The active version, if one was released.
    pub live: Option<String>,
}

/// A published version in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionSummary {
    /// Semver.
    pub version: String,
    /// Of all files, uncompressed.
    pub bytes: u64,
    /// RFC 3339, UTC.
    pub published_at: String,
    /// Where it came from.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub built: Built,
    /// Whether it is the active version.
    pub live: bool,
}

/// Removes versions that nothing needs any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GcRequest {
    /// A version that one of the last so many revisions names is kept; at least 1.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub keep: u64,
    /// Only tells what would be removed.
    #[serde(default)]
    pub dry_run: bool,
    /// Who asks; set by the caller's authentication, never read from a request.
    #[serde(skip)]
    pub who: String,
}

/// What was removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GcReport {
    /// By remote, then version.
    pub removed: Vec<Removed>,
    /// How many published versions remain.
    pub kept: usize,
    /// Of everything in `removed`, compressed forms among it.
    pub freed_bytes: u64,
    /// Whether this is only what would be removed.
    pub dry_run: bool,
}

/// A version that was removed, or what a crashed publish left of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Removed {
    /// The remote.
    pub remote: String,
    /// The version.
    pub version: String,
    /// As stored, compressed forms among it.
    pub bytes: u64,
}

/// How one version fared in browsers during the last while.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionOutcomes {
    /// The remote.
    pub remote: String,
    /// The version.
    pub version: String,
    /// Sessions that told anything.
    pub sessions: u64,
    /// Sessions that told of a failure.
    pub failed_sessions: u64,
    /// Mounts that succeeded.
    pub mounted: u64,
    /// Loads and mounts that failed.
    pub failed: u64,
    /// Instances that died later.
    pub panicked: u64,
    /// How far back this looks.
    pub window_seconds: u64,
}

/// Gives a pool a share of its domain's traffic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SwitchRequest {
    /// The domain's name.
    pub domain: String,
    /// One of its pools.
    pub pool: String,
    /// The pool's share in percent, 0–100. Other pools make room; what is left over is for the primary
    /// pool, or where that has a share of its own, for those that have none.
    pub weight: u8,
    /// For the history.
    pub reason: String,
    /// Who asks; set by the caller's authentication, never read from a request.
    #[serde(skip)]
    pub who: String,
}

/// How traffic is divided between pools, and what was done last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PoolsRevision {
    /// From 1, without gaps.
    pub revision: u64,
    /// RFC 3339, UTC.
    pub changed_at: String,
    /// Who asked for it.
    pub who: String,
    /// Why.
    pub reason: String,
    /// The domain whose traffic was switched.
    pub domain: String,
    /// The pool that got a share.
    pub pool: String,
    /// Its share in percent.
    pub weight: u8,
    /// By domain, then pool: the shares that somebody decided, in percent, from then on.
    pub domains: BTreeMap<String, BTreeMap<String, u8>>,
}

/// The pools, as a gateway or a registry's folder knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pools {
    /// Of the decisions; 0 when nobody has switched yet.
    pub revision: u64,
    /// By domain, then pool.
    pub pools: Vec<PoolSummary>,
}

/// A pool in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PoolSummary {
    /// The domain.
    pub domain: String,
    /// The pool.
    pub pool: String,
    /// Its share of the domain's traffic in percent.
    pub weight: u8,
    /// Bundles that come here whatever the shares are, `<remote>@<range>`; a gateway knows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<String>,
    /// How many instances it has; a gateway knows that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instances: Option<usize>,
    /// How many of them are ready, as this gateway sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<usize>,
}
