//! `/registry/v1`: publishing, looking at what was published and released, releasing, rolling back,
//! switching pools.
//!
//! Not here: what any of it means (the `registry` crate).

pub(crate) mod auth;
mod error;
mod if_match;
pub(crate) mod pools;
pub(crate) mod publish;
pub(crate) mod read;
mod whole;
pub(crate) mod write;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use service_kit::Json;

/// Answers with a revision that was made, its number as the `ETag`.
fn created<T: Serialize>(number: u64, revision: T) -> Response {
    let etag = [(header::ETAG, format!("\"{number}\""))];
    (StatusCode::CREATED, etag, Json(revision)).into_response()
}
