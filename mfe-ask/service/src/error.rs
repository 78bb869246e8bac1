//! What can go wrong before an answer begins.

use axum::http::{HeaderValue, StatusCode, header};
use service_kit::ApiError;

/// A question that is not answered, not even by a refusal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// The stories have not been read yet.
    #[error("not ready: {0}")]
    NotReady(String),
    /// As many answers are being made as there may be.
    #[error("too many answers at once")]
    Busy,
    /// An answer to go on with is not there.
    #[error("no such answer")]
    NoAnswer,
    /// A field of the question is unfit.
    #[error("field {field}: {detail}")]
    Invalid { field: &'static str, detail: &'static str },
}

impl From<AskError> for ApiError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::NotReady(reason) => {
                let detail = ["The service is still starting: ", &reason, "."].concat();
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", detail)
                    .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
            }
            AskError::Busy => {
                let detail = "Too many questions are being answered. Try again in a moment.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail)
                    .with_header(header::RETRY_AFTER, HeaderValue::from_static("2"))
            }
            AskError::NoAnswer => {
                let detail = "You have no answer of this id to go on with. Ask the question again.";
                Self::not_found("unknown-message", detail)
            }
            AskError::Invalid { field, detail } => Self::invalid_field(field, detail),
        }
    }
}
