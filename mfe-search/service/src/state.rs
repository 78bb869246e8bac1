//! What every handler can reach.

use std::{path::PathBuf, sync::Arc};

use service_kit::{BearerKey, Readiness, outbox::Outbox};

use crate::{Events, Meaning, Published, SearchError, cache::Cache};

/// The handlers' state.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The stories as the last change left them.
    pub published: Published,
    /// Search by meaning; `None` without a model.
    pub meaning: Option<Arc<Meaning>>,
    /// Where searches are told of.
    pub events: Option<Events>,
    /// The database of what was told.
    pub events_file: Option<PathBuf>,
    /// What other programs of the site read of it.
    pub outbox: Option<Outbox>,
    /// Who may see insights; nobody without a key.
    pub analyst_key: Option<BearerKey>,
    /// Whether the index was ever filled.
    pub filled: Readiness,
    /// What operators are told.
    pub readiness: Readiness,
    pub(crate) cache: Cache,
}

impl AppState {
    /// Returns the state of a service that finds by words and tells nobody.
    #[must_use]
    pub fn new(published: Published, filled: Readiness) -> Self {
        Self {
            published,
            meaning: None,
            events: None,
            events_file: None,
            outbox: None,
            analyst_key: None,
            readiness: filled.clone(),
            filled,
            cache: Cache::default(),
        }
    }

    /// Refuses while the index was never filled: an empty answer would be a lie.
    pub(crate) fn check_ready(&self) -> Result<(), SearchError> {
        self.filled.waiting_for().map_or(Ok(()), |reason| Err(SearchError::NotReady(reason)))
    }
}
