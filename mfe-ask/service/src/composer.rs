//! What stands behind every way to make an answer.
//!
//! A composer only proposes: each [`Draft`] is verified before anybody sees it. Not here: any composer.

use std::fmt::Debug;

use async_trait::async_trait;
use mfe_ask_api::Mode;
use service_kit::BoxError;
use tokio::sync::mpsc;

/// A sentence that a composer proposes; nothing is shown before it was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Without its mark.
    pub text: String,
    /// Id of the story that it rests on.
    pub story: String,
    /// Word for word from the story, where the composer knows it.
    pub quote: Option<String>,
    /// It begins a paragraph.
    pub opens: bool,
}

/// What an answer is to be made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brief {
    /// Understandable without the conversation.
    pub question: String,
    /// Questions and their answers, the oldest first.
    pub earlier: Vec<(String, String)>,
    /// The best first.
    pub stories: Vec<Excerpt>,
    /// The question goes over several clients.
    pub synthesis: bool,
    /// The stories' own sentences that answer it, chosen by ranking.
    pub own: Vec<Draft>,
}

/// What a composer may use of a story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// Of the story.
    pub id: String,
    /// Headline.
    pub title: String,
    /// For whom.
    pub client: String,
    /// The author's role.
    pub role: String,
    /// From when to when.
    pub period: String,
    /// Word for word, in the order of the telling.
    pub sentences: Vec<String>,
}

/// Makes answers.
#[async_trait]
pub trait Composer: Debug + Send + Sync {
    /// What an answer of this composer is called.
    fn mode(&self) -> Mode;

    /// Sends the sentences of an answer in their order, and ends after the last one.
    ///
    /// When the receiver is dropped it ends at once and without an error. Dropping the future ends all work.
    ///
    /// # Errors
    /// The answer could not be made, or not to its end; what was sent stands.
    async fn compose(&self, brief: &Brief, out: &mpsc::Sender<Draft>) -> Result<(), ComposeError>;
}

/// Why there is no answer, or no end of it.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// No connection.
    #[error("the language model cannot be reached")]
    Unreachable(#[source] BoxError),
    /// An answer of another status than 200, such as 401.
    #[error("the language model refused with status {0}")]
    Refused(u16),
    /// It has too much to do, for longer than we wait.
    #[error("the language model is asked too often")]
    RateLimited,
    /// A deadline passed.
    #[error("the language model took too long over {0}")]
    TimedOut(Phase),
    /// The connection ended before the answer did.
    #[error("the language model's answer was cut off")]
    Cut(#[source] Option<BoxError>),
    /// It does not speak the protocol.
    #[error("the language model's answer cannot be read")]
    Malformed(#[source] BoxError),
    /// More than any answer needs.
    #[error("the language model's answer has no end")]
    TooLong,
}

/// What was waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The beginning of the answer.
    FirstPiece,
    /// The piece after another.
    NextPiece,
    /// All of the answer.
    Whole,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::FirstPiece => "its first piece",
            Self::NextPiece => "the next piece",
            Self::Whole => "the whole",
        })
    }
}

impl ComposeError {
    /// Names the kind of error, for metrics.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "unreachable",
            Self::Refused(_) => "refused",
            Self::RateLimited => "rate_limited",
            Self::TimedOut(_) => "timed_out",
            Self::Cut(_) => "cut",
            Self::Malformed(_) => "malformed",
            Self::TooLong => "too_long",
        }
    }
}
