//! From a refused change to the problem that its author gets.

use axum::http::{HeaderValue, StatusCode, header};
use registry::RegistryError::{self, *};
use service_kit::ApiError;

use crate::manifest::unreadable;

pub(super) fn refused(error: RegistryError) -> ApiError {
    let (status, code) = match &error {
        InvalidRequest { field, why } => return ApiError::invalid_field(field, why.clone()),
        NotPublished { .. } => (StatusCode::NOT_FOUND, "not-published"),
        AlreadyPublished { .. } => (StatusCode::CONFLICT, "already-published"),
        AlreadyLive { .. } => (StatusCode::CONFLICT, "already-live"),
        NotReleased(_) => (StatusCode::CONFLICT, "not-released"),
        NothingToRollBack(_) => (StatusCode::CONFLICT, "nothing-to-roll-back"),
        Incompatible { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "incompatible-contract"),
        InvalidBundle(_) | ReadBundle { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid-bundle")
        }
        Conflict { actual, .. } => {
            let etag = HeaderValue::try_from(format!("\"{actual}\""));
            let code = "revision-conflict";
            let problem = ApiError::new(StatusCode::PRECONDITION_FAILED, code, error.to_string());
            return match etag {
                Ok(etag) => problem.with_header(header::ETAG, etag),
                Err(_) => problem,
            };
        }
        Busy => {
            let problem = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", error.to_string());
            return problem.with_header(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        Distrusted { .. } => (StatusCode::FORBIDDEN, "distrusted"),
        InvalidKey(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid-key"),
        PublishInProgress { again, .. } => {
            let seconds = HeaderValue::from(again.saturating_mul(60).max(1));
            let code = "publish-in-progress";
            let problem = ApiError::new(StatusCode::CONFLICT, code, error.to_string());
            return problem.with_header(header::RETRY_AFTER, seconds);
        }
        VersionRemoved { .. } => (StatusCode::CONFLICT, "version-removed"),
        Open { .. } | Storage { .. } | Corrupt { .. } | KeyFile { .. } | NoRandomness(_) => {
            return unreadable(error);
        }
    };
    ApiError::new(status, code, error.to_string())
}
