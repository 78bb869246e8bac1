//! The view of a story that this domain needs; the feed carries more.

use serde::{Deserialize, Deserializer};

/// One piece of work, as the stories feed tells it. Absent lists and texts are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the words of the stories domain, which explains them")]
pub struct Story {
    pub id: String,
    pub title: String,
    pub client: String,
    pub client_kind: ClientKind,
    pub employer: String,
    #[serde(deserialize_with = "text_or_none")]
    pub division: String,
    pub category: String,
    pub role: String,
    pub project: String,
    pub start: String,
    pub industry: String,
    pub capability: String,
    pub sub_category: String,
    pub theme: String,
    pub era: String,
    pub situation: Vec<String>,
    pub task: Vec<String>,
    pub action: Vec<String>,
    pub result: Vec<String>,
    pub person: String,
    pub place: String,
    pub purpose: String,
    pub process: Vec<String>,
    pub performance: Vec<String>,
    pub summary: String,
    pub metrics: Vec<Metric>,
    pub competencies: Vec<String>,
    pub use_cases: Vec<String>,
    pub interview_questions: Vec<String>,
    pub tags: Vec<String>,
}

impl Story {
    /// Tells whether the story is about the person, not about a piece of work.
    pub(crate) fn is_narrative(&self) -> bool {
        self.category == "Narrative"
    }
}

/// Reads `null` as the empty text.
fn text_or_none<'de, D: Deserializer<'de>>(text: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(text)?.unwrap_or_default())
}

/// Whether `client` names somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientKind {
    /// A client by name.
    Named,
    /// Several, or one that is not named.
    #[default]
    #[serde(other)]
    Generic,
}

/// A number with its meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Metric {
    /// For example `19 months`.
    pub value: String,
    /// For example `from kickoff to switch-off`.
    pub label: String,
}
