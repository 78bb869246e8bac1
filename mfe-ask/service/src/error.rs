//! What can go wrong before an answer begins.

use axum::http::{HeaderValue, StatusCode, header};
use service_kit::ApiError;

/// A question that is not answered, not even by a refusal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// The stories have not been read yet.
    #[error("not ready: {0}")]
    NotReady(String),
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
            AskError::Invalid { field, detail } => Self::invalid_field(field, detail),
        }
    }
}
