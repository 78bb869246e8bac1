//! What can go wrong, and how callers are told.

use axum::http::{HeaderValue, StatusCode, header};
use contract::FieldError;
use service_kit::{ApiError, storage};

use crate::{cursor::BadCursor, store::StoreError};

/// A request that cannot be answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoriesError {
    #[error("there is no story `{0}`")]
    UnknownStory(String),
    #[error("{} fields are wrong", .0.len())]
    Invalid(Vec<FieldError>),
    #[error("the cursor cannot be read")]
    BadCursor(#[from] BadCursor),
    #[error("the cursor is of another store")]
    StaleCursor,
    /// With the version that the story has, `None` when there is none.
    #[error("the story is not what the condition names")]
    Stale(Option<String>),
    #[error("the body is no JSON Lines")]
    NotJsonLines,
    #[error("editing is off")]
    EditingIsOff,
    #[error("not an editor")]
    NotAnEditor,
    #[error("the store failed")]
    Store(#[from] StoreError),
}

impl StoriesError {
    /// Returns the error of one wrong field.
    pub(crate) fn field(field: &str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), detail: detail.into() }])
    }
}

impl From<StoriesError> for ApiError {
    fn from(error: StoriesError) -> Self {
        match error {
            StoriesError::UnknownStory(id) => Self::not_found(
                "unknown-story",
                format!(
                    "There is no story `{id}`. It may have been renamed or removed; \
                     `GET {}` lists all stories.",
                    mfe_stories_api::STORIES
                ),
            ),
            StoriesError::Invalid(errors) => invalid(errors),
            StoriesError::BadCursor(_) => {
                let detail = "`after` is not a cursor of this feed. Use the `cursor` of the last \
                              page as it is, or leave `after` out to begin anew.";
                let mut error = Self::new(StatusCode::BAD_REQUEST, "malformed-cursor", detail);
                error.errors = vec![FieldError { field: "after".into(), detail: detail.into() }];
                error
            }
            StoriesError::StaleCursor => Self::new(
                StatusCode::GONE,
                "stale-cursor",
                "The store was made anew since this cursor. Forget what you have and read the \
                 feed again without `after`.",
            ),
            StoriesError::Stale(current) => stale(current.as_deref()),
            StoriesError::NotJsonLines => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "Send one story a line as `Content-Type: application/jsonl`, not compressed.",
            ),
            StoriesError::EditingIsOff => Self::new(
                StatusCode::FORBIDDEN,
                "editing-is-off",
                "This service takes no changes: it was started without `ASTERISM_EDITOR_KEY` and \
                 `ASTERISM_EDGE_KEY`.",
            ),
            StoriesError::NotAnEditor => Self::new(
                StatusCode::UNAUTHORIZED,
                "not-an-editor",
                "Sign in as an editor, or send the editors' key as `Authorization: Bearer <key>`.",
            )
            .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            StoriesError::Store(source) if source.is_full() => storage::full(source),
            StoriesError::Store(source) => Self::internal(source),
        }
    }
}

fn stale(current: Option<&str>) -> ApiError {
    let detail = match current {
        Some(_) => {
            "The story is another one than the condition names: somebody has changed or added it. \
             Read it again, then decide anew."
        }
        None => "The story that the condition names is not there. Leave `If-Match` out to add it.",
    };
    let error = ApiError::new(StatusCode::PRECONDITION_FAILED, "stale-version", detail);
    match current.and_then(|version| HeaderValue::try_from(crate::condition::etag(version)).ok()) {
        Some(etag) => error.with_header(header::ETAG, etag),
        None => error,
    }
}

fn invalid(errors: Vec<FieldError>) -> ApiError {
    let told: Vec<_> =
        errors.iter().map(|error| format!("`{}`: {}", error.field, error.detail)).collect();
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let mut error = ApiError::new(status, "invalid-input", told.join("; "));
    error.errors = errors;
    error
}
