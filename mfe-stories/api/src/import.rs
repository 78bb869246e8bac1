//! Many stories at once, as JSON Lines.

use serde::{Deserialize, Serialize};

/// `POST` takes stories, one JSON object a line ([`ImportQuery`] → [`ImportReport`]). For editors.
pub const IMPORT: &str = "/api/stories/import";

/// The media type of stories that stand one on a line; `application/x-ndjson` means the same.
pub const JSON_LINES: &str = "application/jsonl";

/// Query of [`IMPORT`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields, default)]
pub struct ImportQuery {
    /// All stories or none; otherwise good lines are kept whatever the others are.
    pub atomic: bool,
}

/// What an import did. Every line that is not blank is added, replaced, unchanged, refused, or was in order
/// but not kept because the import was to be atomic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// Lines that were read, blank ones left out.
    pub lines: u64,
    /// New stories.
    pub added: u64,
    /// Stories that were there and are different now.
    pub replaced: u64,
    /// Stories that were there just so; nobody is told of them.
    pub unchanged: u64,
    /// Lines that are wrong: all of them, also those that `errors` leaves out.
    pub refused: u64,
    /// What is wrong with the first hundred of them, in the order of the lines.
    pub errors: Vec<LineError>,
}

/// What is wrong with one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LineError {
    /// From 1, blank lines included, as editors count.
    pub line: u64,
    /// Dotted path, such as `metrics[0].value`; empty for the line as a whole.
    pub field: String,
    /// What is expected there.
    pub detail: String,
}

/// Why an import ended early or was refused: a problem (RFC 9457) with the report as its extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportProblem {
    /// The problem's `type`.
    pub r#type: String,
    /// The problem's `title`.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, for people.
    pub detail: String,
    /// Finds the log line.
    #[serde(default)]
    pub request_id: String,
    /// What was done until then.
    #[serde(default)]
    pub report: ImportReport,
}
