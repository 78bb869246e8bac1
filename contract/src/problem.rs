//! Errors as every server of the site answers them.

use serde::{Deserialize, Serialize};

/// The media type of a [`Problem`].
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An error for the caller ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
///
/// Causes and internals never stand here: they are in the server's log, under `request_id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Stable, `/problems/<code>`.
    pub r#type: String,
    /// The same for every occurrence of `type`.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time and what to do, for people.
    #[serde(default)]
    pub detail: String,
    /// Finds the log line.
    #[serde(default)]
    pub request_id: String,
    /// For bad input: which fields, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// What is wrong with one field of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Dotted path, for example `filters.era`.
    pub field: String,
    /// What is expected there.
    pub detail: String,
}

impl Problem {
    /// Returns the `<code>` of the type.
    #[must_use]
    pub fn code(&self) -> &str {
        self.r#type.rsplit('/').next().unwrap_or_default()
    }
}
