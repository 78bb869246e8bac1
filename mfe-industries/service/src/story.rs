//! As much of a story as industries depend on. What the feed says besides is passed over.

use serde::Deserialize;

/// A story of the feed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Story {
    /// For paths.
    pub id: String,
    /// A headline.
    pub title: String,
    /// For whom.
    pub client: String,
    /// `named` when `client` is a name.
    pub client_kind: String,
    /// The author's role.
    pub role: String,
    /// `YYYY-MM`.
    pub start: String,
    /// `YYYY-MM`; absent while it goes on.
    pub end: Option<String>,
    /// In which industry.
    pub industry: String,
    /// `Narrative` marks stories about the person.
    pub category: String,
    /// What kind of work.
    pub capability: String,
    /// The numbers to remember.
    #[serde(default)]
    pub metrics: Vec<Metric>,
}

/// A number with its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Metric {
    /// For example `19 months`.
    pub value: String,
    /// For example `from kickoff to switch-off`.
    pub label: String,
}

impl Story {
    /// Tells whether it is about the person and not about work for an industry.
    pub(crate) fn is_narrative(&self) -> bool {
        self.category == "Narrative"
    }

    /// Tells whether `client` is a name.
    pub(crate) fn has_named_client(&self) -> bool {
        self.client_kind == "named"
    }
}
