//! What can go wrong with what is kept, and how callers are told.

use axum::http::StatusCode;
use service_kit::{ApiError, storage};

/// A store that cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The session has no conversation of this id: it is somebody else's, deleted, archived, or never was.
    #[error("the session has no such conversation")]
    NoConversation,
    /// The session has no message of this id, or not one that this can be done with.
    #[error("the session has no such message")]
    NoMessage,
    /// The message has no answer that something could be said of.
    #[error("the message has no answer")]
    NoAnswer,
    /// The conversation takes no more questions.
    #[error("the conversation is full")]
    ConversationFull,
    /// The session may not begin another conversation.
    #[error("the session has too many conversations")]
    TooMany,
    /// Who asks has no organisation in which they could share what is theirs.
    #[error("there is no organisation to share it in")]
    NoOrganisation,
    /// The disk takes no more; what was there is whole and can be read.
    #[error("the disk is full")]
    Full(#[source] rusqlite::Error),
    /// SQLite refused.
    #[error("the database failed")]
    Database(#[source] rusqlite::Error),
    /// Something stored does not decode, or something does not encode.
    #[error("message `{id}` cannot be read or written as JSON")]
    Body {
        /// Of the message.
        id: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A stored time is none.
    #[error("a stored time cannot be read")]
    Time(#[from] time::error::Parse),
    /// The clock stands outside of the years that can be written.
    #[error("the time cannot be written")]
    Clock(#[from] time::error::Format),
    /// A newer program made the file.
    #[error("the file has layout {found}, but this program knows only layout {known}")]
    Newer {
        /// What the file says.
        found: i64,
        /// The newest that this program can read.
        known: i64,
    },
    /// A conversation cannot be written to the archive; it stays where it is.
    #[error("the archive cannot be written")]
    Archive(#[from] std::io::Error),
    /// The thread that did it ended early.
    #[error("the work on the store was interrupted")]
    Interrupted(#[source] tokio::task::JoinError),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        if storage::is_full(&error) { Self::Full(error) } else { Self::Database(error) }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoConversation => Self::not_found(
                "unknown-conversation",
                "You have no such conversation. It may have been deleted, or have ended because \
                 nothing was asked in it for long, or it belongs to somebody else, or to another browser.",
            ),
            StoreError::NoMessage => Self::not_found(
                "unknown-message",
                "You have no such message here, or it is not one for this: only an answer that \
                 failed or was stopped can be made anew.",
            ),
            StoreError::NoAnswer => Self::new(
                StatusCode::CONFLICT,
                "no-answer",
                "The message has no answer yet that something could be said of.",
            ),
            StoreError::ConversationFull => Self::new(
                StatusCode::CONFLICT,
                "conversation-full",
                format!(
                    "The conversation has {} questions, as many as it may. Begin another one.",
                    super::MOST_MESSAGES
                ),
            ),
            StoreError::TooMany => Self::new(
                StatusCode::CONFLICT,
                "too-many-conversations",
                format!(
                    "You have {} conversations, as many as are kept. Delete one, or go on with one.",
                    super::MOST_CONVERSATIONS
                ),
            ),
            StoreError::NoOrganisation => Self::new(
                StatusCode::CONFLICT,
                "no-organisation",
                "There is no organisation to share it in: it takes an account that belongs to one, and a \
                 conversation that was begun while signed in to it. Sign in and ask there; an account \
                 gets its organisation from who runs the site.",
            ),
            error @ StoreError::Full(_) => storage::full(error),
            error => Self::internal(error),
        }
    }
}
