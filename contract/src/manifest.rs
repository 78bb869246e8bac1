//! `/manifest.json`: which version of which remote is live.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Descriptor, FileInfo, Kind, RouteSpec, SCHEMA, Signature};

/// Everything that a host needs to compose a page, at one revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Manifest {
    /// Always [`SCHEMA`].
    pub schema: u32,
    /// Grows by one with each release or rollback; also the document's `ETag`.
    pub revision: u64,
    /// RFC 3339, UTC.
    pub released_at: String,
    /// The contract version that the host of this site offers.
    pub host_contract: String,
    /// By remote name.
    pub remotes: BTreeMap<String, RemoteState>,
}

/// What is live for one remote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RemoteState {
    /// What everybody gets.
    pub active: Release,
    /// What a share of the sessions gets instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<Canary>,
    /// What a host falls back to when `active` cannot be loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Release>,
    /// Versions that were taken back and not released again since, the newest first. An open page that
    /// has one of them mounted leaves it at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<String>,
}

/// A version on trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Canary {
    /// 1–99.
    pub percent: u8,
    /// The version on trial.
    pub release: Release,
}

/// One loadable version: the descriptor's facts and where its files are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Release {
    /// Semver.
    pub version: String,
    /// URL path that `entry`, `styles`, `preload` and `files` are relative to, ends in `/`.
    pub base: String,
    /// See [`Descriptor::entry`].
    pub entry: String,
    /// See [`Descriptor::styles`].
    #[serde(default)]
    pub styles: Vec<String>,
    /// See [`Descriptor::preload`].
    #[serde(default)]
    pub preload: Vec<String>,
    /// See [`Descriptor::files`].
    pub files: BTreeMap<String, FileInfo>,
    /// See [`Descriptor::routes`].
    #[serde(default)]
    pub routes: Vec<RouteSpec>,
    /// See [`Descriptor::apis`].
    #[serde(default)]
    pub apis: Vec<String>,
    /// See [`Descriptor::contract`].
    pub contract: String,
    /// See [`Descriptor::kind`].
    #[serde(default)]
    pub kind: Kind,
    /// Over the exact bytes of `<base>remote.json`. A host loads nothing without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signature>,
}

/// Why a page may load a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everybody gets it.
    Active,
    /// A share of the sessions gets it.
    Trial,
    /// It is what a page falls back to.
    Previous,
}

impl RemoteState {
    /// Returns every release that a page may load, with its role.
    pub fn loadable(&self) -> impl Iterator<Item = (Role, &Release)> {
        // Exhaustive, so that a new way to be live cannot be forgotten here.
        let Self { active, canary, previous, withdrawn: _ } = self;
        let trial = canary.iter().map(|canary| (Role::Trial, &canary.release));
        let previous = previous.iter().map(|release| (Role::Previous, release));
        std::iter::once((Role::Active, active)).chain(trial).chain(previous)
    }
}

impl Manifest {
    /// Returns the manifest of a site without remotes, revision 0.
    #[must_use]
    pub fn empty(host_contract: &str, released_at: &str) -> Self {
        Self {
            schema: SCHEMA,
            revision: 0,
            released_at: released_at.to_owned(),
            host_contract: host_contract.to_owned(),
            remotes: BTreeMap::new(),
        }
    }
}

impl Release {
    /// Returns the loadable form of a descriptor whose files are served under `/remotes/`.
    #[must_use]
    pub fn from_descriptor(descriptor: Descriptor, signed: Option<Signature>) -> Self {
        // Exhaustive, so that a new field of the descriptor cannot be forgotten here.
        let Descriptor {
            schema: _,
            name,
            version,
            contract,
            entry,
            styles,
            preload,
            files,
            routes,
            apis,
            kind,
            built: _,
        } = descriptor;
        let base = format!("/remotes/{name}/{version}/");
        Self { version, base, entry, styles, preload, files, routes, apis, contract, kind, signed }
    }

    /// Returns the URL path of one of the bundle's files.
    #[must_use]
    pub fn url(&self, file: &str) -> String {
        [self.base.as_str(), file].concat()
    }

    /// Returns the integrity of one of the bundle's files, `None` when it is not listed.
    #[must_use]
    pub fn integrity(&self, file: &str) -> Option<&str> {
        self.files.get(file).map(|info| info.integrity.as_str())
    }
}
