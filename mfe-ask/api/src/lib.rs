//! Wire types and paths of the ask domain, for its service and its remote.
//!
//! Not here yet: conversations, feedback and rerank.

use serde::{Deserialize, Serialize};

/// `POST` [`Question`] → [`event`]s as `text/event-stream`, or [`Answer`] for `Accept: application/json`.
pub const GENERATE: &str = "/api/ask/generate";
/// `GET` → [`Starters`].
pub const STARTERS: &str = "/api/ask/starters";

/// Names of the server-sent events of [`GENERATE`], in the order in which they come.
pub mod event {
    /// [`Meta`](super::Meta).
    pub const META: &str = "meta";
    /// [`Token`](super::Token), many.
    pub const TOKEN: &str = "token";
    /// [`Sources`](super::Sources).
    pub const SOURCES: &str = "sources";
    /// [`Answer`](super::Answer): the whole answer once more, for who missed something.
    pub const DONE: &str = "done";
    /// `contract::Problem`, in place of what should have followed.
    pub const ERROR: &str = "error";
}

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// 1–1000 characters.
    pub question: String,
    /// Goes on with a conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// Narrows the stories that may answer.
    #[serde(default)]
    pub filters: Filters,
    /// The story from whose page the question comes; it is preferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_story: Option<String>,
}

/// Values by facet; an empty list does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Filters {
    /// OR.
    pub industry: Vec<String>,
    /// OR.
    pub capability: Vec<String>,
    /// OR.
    pub client: Vec<String>,
    /// OR.
    pub era: Vec<String>,
}

/// The first event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Meta {
    /// Give it with the next question.
    pub conversation_id: String,
    /// Of this answer.
    pub message_id: String,
}

/// A piece of the answer's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// To append.
    pub text: String,
}

/// What the answer rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sources {
    /// In the order of their marks.
    pub sources: Vec<Source>,
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answer {
    /// As in [`Meta`].
    pub conversation_id: String,
    /// As in [`Meta`].
    pub message_id: String,
    /// Paragraphs divided by an empty line; `[1]` marks refer to `sources`, from 1.
    pub answer: String,
    /// What it rests on, used ones only.
    pub sources: Vec<Source>,
    /// What made it.
    pub mode: Mode,
    /// How well the stories fit the question.
    pub confidence: Confidence,
    /// Present when there is no answer; `answer` is then empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// What made an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Sentences of the stories, quoted.
    Extractive,
}

/// How well the stories fit the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Well.
    High,
    /// Somewhat.
    Low,
    /// Not at all.
    None,
}

/// A story that an answer rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Source {
    /// For `/story/<id>`.
    pub id: String,
    /// Headline.
    pub title: String,
    /// For whom.
    pub client: String,
    /// Comparable within one answer only.
    pub score: f64,
    /// The sentences used, word for word.
    pub quotes: Vec<String>,
}

/// Why there is no answer, and what may help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refusal {
    /// Stable: `no_match`.
    pub kind: String,
    /// For people.
    pub message: String,
    /// Questions that do have an answer.
    pub suggestions: Vec<String>,
}

/// Questions to begin with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Starters {
    /// Each has an answer.
    pub questions: Vec<String>,
}
