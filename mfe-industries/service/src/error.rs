//! What can go wrong, and how callers are told.

use axum::http::{HeaderValue, StatusCode, header};
use service_kit::ApiError;

/// A request that cannot be answered.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum IndustriesError {
    #[error("the stories were not read yet")]
    NotReady,
    #[error("there is no industry `{0}`")]
    UnknownIndustry(String),
    #[error("the industry `{slug}` has no capability `{capability}`")]
    UnknownCapability { slug: String, capability: String },
}

impl From<IndustriesError> for ApiError {
    fn from(error: IndustriesError) -> Self {
        match error {
            IndustriesError::NotReady => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "not-ready",
                "The stories were not read yet. Try again in a moment.",
            )
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("1")),
            IndustriesError::UnknownIndustry(slug) => Self::not_found(
                "unknown-industry",
                format!(
                    "There is no industry `{slug}`; `GET {}` lists all industries.",
                    mfe_industries_api::INDUSTRIES
                ),
            ),
            IndustriesError::UnknownCapability { slug, capability } => Self::not_found(
                "unknown-capability",
                format!(
                    "The industry `{slug}` has no capability `{capability}`; `GET {}` lists all.",
                    mfe_industries_api::categories_path(&slug)
                ),
            ),
        }
    }
}
