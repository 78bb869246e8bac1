//! What search needs of a story; the feed's other fields are ignored.

use serde::{Deserialize, Serialize};

/// The category of stories about the person, which lists leave out.
pub(crate) const NARRATIVE: &str = "Narrative";

/// A story as the feed tells it. A missing field is empty: one odd story must not stop the feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the stories service documents its fields")]
pub struct Story {
    pub id: String,
    pub title: String,
    pub employer: String,
    pub division: Option<String>,
    pub client: String,
    /// `named` or `generic`.
    pub client_kind: String,
    pub role: String,
    pub project: String,
    /// `YYYY-MM`.
    pub start: String,
    /// `YYYY-MM`.
    pub end: Option<String>,
    pub industry: String,
    pub category: String,
    pub capability: String,
    pub sub_category: String,
    pub theme: String,
    pub era: String,
    pub summary: String,
    pub situation: Vec<String>,
    pub task: Vec<String>,
    pub action: Vec<String>,
    pub result: Vec<String>,
    pub person: String,
    pub place: String,
    pub purpose: String,
    pub process: Vec<String>,
    pub performance: Vec<String>,
    pub metrics: Vec<Metric>,
    pub competencies: Vec<String>,
    pub tags: Vec<String>,
    pub use_cases: Vec<String>,
    pub interview_questions: Vec<String>,
}

/// A number with its meaning.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the stories service documents its fields")]
pub struct Metric {
    pub value: String,
    pub label: String,
}

impl Story {
    /// Tells whether the story is about the person.
    pub(crate) fn is_narrative(&self) -> bool {
        self.category == NARRATIVE
    }

    /// Returns the paragraphs of the story's body with the name of the part that each belongs to.
    pub(crate) fn paragraphs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let lists = [
            ("situation", &self.situation),
            ("task", &self.task),
            ("action", &self.action),
            ("result", &self.result),
            ("process", &self.process),
            ("performance", &self.performance),
        ];
        let single = [
            ("person", self.person.as_str()),
            ("place", self.place.as_str()),
            ("purpose", self.purpose.as_str()),
        ];
        lists
            .into_iter()
            .flat_map(|(part, list)| list.iter().map(move |text| (part, text.as_str())))
            .chain(single)
    }
}
