//! `/schema/*.json`: the JSON Schemas of what hosts read, as committed in `contract/schema/`.
//!
//! Not here: making them. A test makes them from the Rust types and compares.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use service_kit::{ApiError, Path};

const MANIFEST: &str = include_str!("../../contract/schema/manifest.json");
const REMOTE: &str = include_str!("../../contract/schema/remote.json");

/// Answers with a schema.
pub(crate) async fn document(Path(name): Path<String>) -> Result<Response, ApiError> {
    let body = match name.as_str() {
        "manifest.json" => MANIFEST,
        "remote.json" => REMOTE,
        _ => {
            let detail = "There are /schema/manifest.json and /schema/remote.json.";
            return Err(ApiError::not_found("no-such-schema", detail));
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "application/schema+json"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    Ok((headers, body).into_response())
}
