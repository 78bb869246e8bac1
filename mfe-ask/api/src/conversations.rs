//! What was asked before, and what people do with it.

use contract::Problem;
use serde::{Deserialize, Serialize};

use crate::{Answer, Question};

/// A conversation of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conversation {
    /// Its id.
    pub id: String,
    /// Given by its first question, or by a person.
    pub title: String,
    /// RFC 3339.
    pub created_at: String,
    /// When it was last asked something, RFC 3339.
    pub updated_at: String,
    /// How many questions it has.
    pub messages: u32,
    /// The organisation that may read it too; absent while it is private.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_with: Option<String>,
    /// Somebody else's, who shares it: it can be read, and nothing else.
    #[serde(default)]
    pub read_only: bool,
}

/// The conversations of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationList {
    /// The last one that was asked something first; at most 200.
    pub conversations: Vec<Conversation>,
    /// Others' that are shared in the organisation of who asks, in the same order; at most 200.
    #[serde(default)]
    pub shared: Vec<Conversation>,
    /// The organisation in which who asks can share theirs; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
}

/// A stretch of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History {
    /// Whose.
    pub conversation: Conversation,
    /// In the order in which they were asked.
    pub messages: Vec<Message>,
    /// Give it as `before` for those that were asked earlier; absent at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<String>,
}

/// A question with what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Its id.
    pub message_id: String,
    /// As it was asked.
    pub question: Question,
    /// RFC 3339.
    pub asked_at: String,
    /// What became of it.
    pub status: Status,
    /// Absent while it is made, and when it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// What the person said of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<Judgement>,
}

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The answer is being made.
    Pending,
    /// There is an answer or a refusal.
    Done,
    /// The answer was stopped; it is kept as far as it got.
    Stopped,
    /// There is no answer; the question may be retried.
    Failed,
}

/// A new title for a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// 1–120 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 120))]
    pub title: String,
}

/// Who may read a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Its owner.
    Private,
    /// Everybody of the owner's organisation too.
    Organisation,
}

/// Who may read a conversation from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VisibilityChange {
    /// As it shall be.
    pub visibility: Visibility,
}

/// Which answer to stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StopRequest {
    /// As in [`Meta`](crate::Meta).
    pub message_id: String,
}

/// What a person says of an answer; a later one replaces it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// Of the answer.
    pub message_id: String,
    /// Did it help?
    pub helpful: bool,
    /// At most 1000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A feedback as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Judgement {
    /// Did it help?
    pub helpful: bool,
    /// Why, in the person's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
