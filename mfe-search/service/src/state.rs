//! What every handler can reach.

use service_kit::Readiness;

use crate::{Published, SearchError};

/// The handlers' state.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The stories as the last change left them.
    pub published: Published,
    /// Whether the index was ever filled.
    pub readiness: Readiness,
}

impl AppState {
    /// Refuses while the index was never filled: an empty answer would be a lie.
    pub(crate) fn check_ready(&self) -> Result<(), SearchError> {
        self.readiness.waiting_for().map_or(Ok(()), |reason| Err(SearchError::NotReady(reason)))
    }
}
