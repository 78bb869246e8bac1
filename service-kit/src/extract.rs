//! Extractors whose rejections are problems that name the field.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use contract::FieldError;
use serde::{Serialize, de::DeserializeOwned};

use crate::ApiError;

/// [`axum::Json`] with our rejection: 413 too large, 415 not JSON, 400 malformed, 422 wrong fields.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|mime| {
                let mime = mime.trim().to_ascii_lowercase();
                mime == "application/json" || mime.ends_with("+json")
            });
        if !is_json {
            return Err(ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "Send the body as `Content-Type: application/json`.",
            ));
        }
        let body = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                let detail = "The request body is larger than this endpoint takes.";
                return ApiError::new(rejection.status(), "body-too-large", detail);
            }
            ApiError::new(rejection.status(), "unreadable-body", "The body could not be read.")
        })?;
        parse(&body).map(Self)
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let deserializer = &mut serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut *deserializer).map_err(|error| {
        let field = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() {
            return ApiError::invalid_field(&field, inner.to_string());
        }
        let detail = format!("The body is not valid JSON: {inner}.");
        ApiError::new(StatusCode::BAD_REQUEST, "malformed-json", detail)
    })?;
    deserializer.end().map_err(|error| {
        let detail = format!("The body goes on after its JSON value: {error}.");
        ApiError::new(StatusCode::BAD_REQUEST, "malformed-json", detail)
    })?;
    Ok(value)
}

/// [`axum::extract::Query`] with our rejection: 400.
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(bad_request("query", &rejection.body_text())),
        }
    }
}

/// [`axum::extract::Path`] with our rejection: 400.
#[derive(Clone, Copy, Debug, Default)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) => Err(bad_request("path", &rejection.body_text())),
        }
    }
}

fn bad_request(field: &str, detail: &str) -> ApiError {
    let mut error = ApiError::new(StatusCode::BAD_REQUEST, "invalid-input", detail);
    error.errors.push(FieldError { field: field.to_owned(), detail: detail.to_owned() });
    error
}
