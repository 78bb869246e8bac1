//! What can go wrong, and what a caller is told of it.

use std::path::PathBuf;

use axum::http::{HeaderValue, StatusCode, header};
use service_kit::ApiError;

/// Why the service could not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The index cannot be used.
    #[error("cannot open the search index")]
    Index(#[from] IndexError),
    /// The outbox cannot be used.
    #[error("cannot open the outbox")]
    Outbox(#[from] rusqlite::Error),
    /// Listening failed.
    #[error(transparent)]
    Http(#[from] service_kit::ServeError),
}

/// Why the index on disk cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Another process writes it.
    #[error("the index is in use by another process")]
    InUse(#[source] tantivy::TantivyError),
    /// The engine refuses it.
    #[error("the index cannot be read")]
    Engine(#[from] tantivy::TantivyError),
    /// Files do not have the contents that were written.
    #[error("damaged files in the index: {0:?}")]
    Damaged(Vec<PathBuf>),
    /// It was written by a version that indexed differently, or not by us.
    #[error("the index was written by another version")]
    Foreign,
    /// A stored story cannot be read back.
    #[error("a stored story cannot be read")]
    Story(#[source] serde_json::Error),
    /// The folder cannot be made or emptied.
    #[error("cannot use the folder {folder}")]
    Folder {
        /// Of the index.
        folder: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl IndexError {
    /// Tells whether an index made anew from the feed would help.
    pub(crate) fn heals_by_rebuilding(&self) -> bool {
        match self {
            Self::InUse(_) | Self::Folder { .. } => false,
            Self::Engine(_) | Self::Damaged(_) | Self::Foreign | Self::Story(_) => true,
        }
    }
}

/// Why a search was not answered.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// A field of the request is out of range.
    #[error("`{field}` is out of range")]
    Invalid {
        /// Dotted path.
        field: &'static str,
        /// What is expected there.
        detail: &'static str,
    },
    /// The index was never filled.
    #[error("the index is not filled yet")]
    NotReady(String),
    /// Search by meaning is not there.
    #[error("search by meaning is off")]
    MeaningIsOff,
    /// The query could not be turned into a vector.
    #[error("search by meaning fails")]
    Embed(#[source] crate::EmbedError),
    /// The engine failed.
    #[error("the index cannot be searched")]
    Engine(#[from] tantivy::TantivyError),
    /// The search was torn down while it ran.
    #[error("the search did not end")]
    Stopped(#[from] tokio::task::JoinError),
}

impl From<SearchError> for ApiError {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Invalid { field, detail } => Self::invalid_field(field, detail),
            SearchError::NotReady(reason) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", reason)
                    .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
            }
            SearchError::MeaningIsOff => Self::new(
                StatusCode::NOT_IMPLEMENTED,
                "meaning-search-is-off",
                "Search by meaning is off: this site has no embedding model. POST the same body to \
                 /api/search/keyword.",
            ),
            SearchError::Embed(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "meaning-search-unavailable",
                "Search by meaning fails for now. POST the same body to /api/search/keyword.",
            )
            .caused_by(error),
            SearchError::Engine(_) | SearchError::Stopped(_) => Self::internal(error),
        }
    }
}
