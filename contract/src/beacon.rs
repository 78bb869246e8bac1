//! `POST /beacons`: what a page tells of the remotes that it loaded, so that a bad version is taken back.
//!
//! Not here: counting and judging (the gateway).

use serde::{Deserialize, Serialize};

/// The path that beacons are posted to.
pub const BEACONS: &str = "/beacons";
/// Beacons in one request.
pub const MOST_BEACONS: usize = 50;
/// Characters of a message; longer ones are cut by the sender.
pub const LONGEST_MESSAGE: usize = 300;

/// A request's body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Beacons {
    /// At most [`MOST_BEACONS`], oldest first.
    pub beacons: Vec<Beacon>,
}

/// How it went with one version of one remote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Beacon {
    /// The remote's name.
    pub remote: String,
    /// The version that was tried.
    pub version: String,
    /// What happened.
    pub kind: BeaconKind,
    /// The lifecycle phase of a failure: `load`, `bootstrap`, `mount`, `run` or `unmount`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phase: String,
    /// What the failure said, at most [`LONGEST_MESSAGE`] characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum BeaconKind {
    /// It is on the page.
    Mounted,
    /// A phase failed, and the version was given up for this visit.
    Failed,
    /// Its instance died after it was on the page.
    Panicked,
}
