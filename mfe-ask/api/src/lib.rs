//! Wire types and paths of the ask domain, for its service and its remote.

mod conversations;
mod rerank;

pub use conversations::*;
pub use rerank::*;

use serde::{Deserialize, Serialize};

/// `POST` [`Question`] → [`event`]s as `text/event-stream`, or [`Answer`] for `Accept: application/json`.
///
/// Every event has an id. Who lost the line posts the same again with the last id as `Last-Event-ID` and
/// gets the events after it, of the same answer.
pub const GENERATE: &str = "/api/ask/generate";
/// `POST` [`StopRequest`] → 204: the answer that is being made ends where it is, and is kept as far as it got.
pub const STOP: &str = "/api/ask/stop";
/// `POST` [`RerankRequest`] → [`RerankResponse`].
pub const RERANK: &str = "/api/ask/rerank";
/// `GET` → [`Starters`].
pub const STARTERS: &str = "/api/ask/starters";
/// `GET ?conversation_id=&before=&limit=` → [`History`].
pub const HISTORY: &str = "/api/ask/history";
/// `GET` → [`ConversationList`].
pub const CONVERSATIONS: &str = "/api/ask/conversations";
/// `PATCH` [`Rename`] → [`Conversation`]; `DELETE` → 204.
pub const CONVERSATION: &str = "/api/ask/conversations/{id}";
/// `PUT` [`VisibilityChange`] → [`Conversation`].
pub const VISIBILITY: &str = "/api/ask/conversations/{id}/visibility";
/// `GET ?format=md|json` → the whole conversation as a file.
pub const EXPORT: &str = "/api/ask/conversations/{id}/export";
/// `POST` [`Feedback`] → 204.
pub const FEEDBACK: &str = "/api/ask/feedback";

/// Longest question, in characters.
pub const LONGEST_QUESTION: usize = 1000;
/// Longest title of a conversation, in characters.
pub const LONGEST_TITLE: usize = 120;
/// Longest reason of a feedback, in characters.
pub const LONGEST_REASON: usize = 1000;

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
    /// Goes on with a conversation of the same session; without it a new one begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// Narrows the stories that may answer.
    #[serde(default)]
    pub filters: Filters,
    /// The story from whose page the question comes: it is pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_story: Option<String>,
    /// Id of a message of the conversation whose answer failed or was stopped: it is answered anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<String>,
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
    /// In the order of the text; the `n`th mark of the text is that of the `n`th sentence.
    pub sentences: Vec<Sentence>,
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answer {
    /// As in [`Meta`].
    pub conversation_id: String,
    /// As in [`Meta`].
    pub message_id: String,
    /// Paragraphs divided by an empty line; every sentence ends in its mark, `[1]`, that refers to
    /// `sources`, from 1.
    pub answer: String,
    /// The sentences of `answer` in their order, each with what supports it.
    pub sentences: Vec<Sentence>,
    /// What it rests on, used ones only.
    pub sources: Vec<Source>,
    /// What made it.
    pub mode: Mode,
    /// Something that answers are made with failed, and this one had to do without.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub degraded: bool,
    /// What failed. Answers that were kept before this was told name nothing: [`Answer::lacks`] knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    /// It was stopped before its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stopped: bool,
    /// How well the stories fit the question.
    pub confidence: Confidence,
    /// The question as it was understood, where that is not as it was asked: a follow-up made whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub understood: Option<String>,
    /// Present when there is no answer; `answer` is then empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

impl Answer {
    /// Tells whether it had to do without something.
    #[must_use]
    pub fn lacks(&self, what: Missing) -> bool {
        // Before it was told what failed, it was always the model.
        let untold = self.degraded && self.missing.is_empty() && what == Missing::Model;
        untold || self.missing.contains(&what)
    }
}

/// What an answer may have to do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Missing {
    /// The search: the stories were found by the question's words alone, among those read before.
    Search,
    /// The language model: the stories' own sentences stand in for (the rest of) its answer.
    Model,
}

/// A sentence of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sentence {
    /// As in the answer, without its mark.
    pub text: String,
    /// Its mark: the place of its source in the answer's sources, from 1.
    pub source: u32,
    /// Id of the story that supports it.
    pub story: String,
    /// What supports it, word for word as in the story.
    pub quote: String,
}

/// What made an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Sentences of the stories, quoted.
    Extractive,
    /// A language model wrote it, from the stories.
    Generative,
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
    /// The author's role.
    pub role: String,
    /// Three sentences.
    pub summary: String,
    /// Comparable within one answer only.
    pub score: f64,
    /// The sentences used, word for word.
    pub quotes: Vec<String>,
    /// Whether the story still says so.
    #[serde(default, skip_serializing_if = "Standing::is_current")]
    pub standing: Standing,
}

/// What became of a story since it was cited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It still says what is quoted.
    #[default]
    Current,
    /// It was edited, and no longer says all that is quoted.
    Changed,
    /// It was removed.
    Gone,
}

impl Standing {
    /// Tells whether the story still says what is quoted.
    #[must_use]
    pub fn is_current(&self) -> bool {
        *self == Self::Current
    }
}

/// Why there is no answer, and what may help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refusal {
    /// Why.
    pub kind: RefusalKind,
    /// For people.
    pub message: String,
    /// Questions that do have an answer.
    pub suggestions: Vec<String>,
}

/// Why a question is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// It cannot be read.
    Nonsense,
    /// It is about something else than this career.
    OutOfScope,
    /// It is about somebody's private life.
    Personal,
    /// It gives orders to the assistant.
    Injection,
    /// It is about this career, but no story answers it.
    LowConfidence,
}

/// Questions to begin with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Starters {
    /// Each has an answer.
    pub questions: Vec<String>,
}
