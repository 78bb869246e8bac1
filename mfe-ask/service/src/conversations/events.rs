//! What the outbox is told.

use mfe_ask_api::{Answer, Confidence, Mode, RefusalKind, Visibility};
use serde::Serialize;
use time::Duration;

/// The kind of [`Answered`].
pub(super) const ANSWERED: &str = "ask.answered";
/// The kind of [`Judged`].
pub(super) const FEEDBACK: &str = "ask.feedback";
/// The kind of [`Shown`].
pub(super) const VISIBILITY: &str = "ask.visibility";

/// A question got an answer or a refusal. What was asked and whose question it was is not told.
#[derive(Debug, Serialize)]
pub(super) struct Answered<'a> {
    conversation: &'a str,
    message: &'a str,
    mode: Mode,
    confidence: Confidence,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<RefusalKind>,
    sources: usize,
    stories: Vec<&'a str>,
    took_ms: f64,
    degraded: bool,
    stopped: bool,
}

impl<'a> Answered<'a> {
    pub(super) fn of(
        conversation: &'a str,
        message: &'a str,
        answer: &'a Answer,
        took: Duration,
    ) -> Self {
        let stories: Vec<_> = answer.sources.iter().map(|source| source.id.as_str()).collect();
        Self {
            conversation,
            message,
            mode: answer.mode,
            confidence: answer.confidence,
            refusal: answer.refusal.as_ref().map(|refusal| refusal.kind),
            sources: stories.len(),
            stories,
            // The question's time is kept in whole milliseconds.
            took_ms: (took.as_seconds_f64() * 1000.0).round().max(0.0),
            degraded: answer.degraded,
            stopped: answer.stopped,
        }
    }
}

/// A person said something of an answer.
#[derive(Debug, Serialize)]
pub(super) struct Judged<'a> {
    pub(super) conversation: &'a str,
    pub(super) message: &'a str,
    pub(super) helpful: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'a str>,
}

/// Others may read a conversation from now on, or no more. Whose it is and who they are is not told.
#[derive(Debug, Serialize)]
pub(super) struct Shown<'a> {
    pub(super) conversation: &'a str,
    pub(super) visibility: Visibility,
}
