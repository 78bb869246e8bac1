//! How one domain follows another without sharing a database: an ordered list of changes with a cursor.

use serde::{Deserialize, Serialize};

/// Some changes, oldest first, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeedPage<T> {
    /// At most one change for each id on a page: later ones replace earlier ones.
    pub changes: Vec<Change<T>>,
    /// Opaque; give it as `after` to go on. A cursor that the server no longer knows (its store was
    /// made anew) is answered `410` and the follower begins again without one.
    pub cursor: String,
    /// More changes are there now.
    pub more: bool,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change<T> {
    /// What changed.
    pub id: String,
    /// How.
    pub kind: ChangeKind,
    /// The whole new value; absent when deleted.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub value: Option<T>,
}

/// How something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// Added or changed.
    Upsert,
    /// Gone.
    Delete,
}
