//! The one way from a failure to an answer.
//!
//! Not here: logging. [`crate::observe`] logs an error once, where the request ends, because only there
//! the request's id is known.

use std::{error::Error, sync::Arc};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contract::{FieldError, PROBLEM_JSON, Problem};

/// An error on its way to a caller as `application/problem+json`.
///
/// `detail` and `errors` are for the caller; `source` is for the log and never leaves the server.
#[derive(Clone, Debug)]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// Ends the problem's type: `/problems/<code>`.
    pub code: &'static str,
    /// What happened and what to do, for people.
    pub detail: String,
    /// For bad input: which fields.
    pub errors: Vec<FieldError>,
    /// What caused it.
    pub source: Option<Arc<dyn Error + Send + Sync>>,
    /// Further headers, for example `Retry-After`.
    pub headers: HeaderMap,
}

impl ApiError {
    /// Returns an error without cause.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let (errors, headers) = (Vec::new(), HeaderMap::new());
        Self { status, code, detail: detail.into(), errors, source: None, headers }
    }

    /// Returns a 404.
    #[must_use]
    pub fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, detail)
    }

    /// Returns a 422 that names one field.
    #[must_use]
    pub fn invalid_field(field: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut error = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-input",
            ["`", field, "`: ", &detail].concat(),
        );
        error.errors.push(FieldError { field: field.to_owned(), detail });
        error
    }

    /// Returns a 500 that tells the caller nothing but the request's id.
    #[must_use]
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let detail = "Something failed on our side. Try again; if it stays, report the request id.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail).caused_by(source)
    }

    /// Adds the cause, for the log.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Returns what the caller will read.
    #[must_use]
    pub fn problem(&self, request_id: &str) -> Problem {
        Problem {
            r#type: ["/problems/", self.code].concat(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            request_id: request_id.to_owned(),
            errors: self.errors.clone(),
        }
    }

    /// Returns the answer's body, naming the request.
    pub(crate) fn body(&self, request_id: &str) -> Body {
        serde_json::to_vec(&self.problem(request_id)).unwrap_or_default().into()
    }
}

/// The request is not known here: it is named where the request ends ([`crate::app`]).
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let content_type = [(header::CONTENT_TYPE, PROBLEM_JSON)];
        let mut response =
            (self.status, content_type, self.headers.clone(), self.body("")).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// As a middleware refuses ([`crate::Around`]).
impl From<ApiError> for Box<Response> {
    fn from(error: ApiError) -> Self {
        Self::new(error.into_response())
    }
}

/// Returns an error and its causes on one line, outermost first.
#[must_use]
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
