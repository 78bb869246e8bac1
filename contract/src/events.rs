//! `/manifest/events`: what open pages are told of a new revision, as server-sent events.
//!
//! The event's name is [`REVISION`], its id the revision. It says that something changed; what is live
//! stands in the manifest alone, so a page that missed events loses nothing.

use serde::{Deserialize, Serialize};

/// Name of the event.
pub const REVISION: &str = "revision";

/// Data of the event, JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RevisionEvent {
    /// The manifest's revision.
    pub revision: u64,
    /// RFC 3339, UTC.
    pub released_at: String,
}
