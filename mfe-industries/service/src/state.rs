//! What every handler shares.

use std::sync::Arc;

use service_kit::Readiness;

use crate::{
    error::IndustriesError,
    followed::Published,
    grouping::{Found, View},
};

/// The latest view and whether there is one. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    published: Published,
    readiness: Readiness,
}

impl AppState {
    /// Returns a state that waits for the stories.
    #[must_use]
    pub fn waiting() -> Self {
        let readiness = Readiness::waiting("reading the stories feed for the first time");
        Self { published: Published::default(), readiness }
    }

    /// Returns where a follower publishes to.
    #[must_use]
    pub fn view(&self) -> Published {
        self.published.clone()
    }

    /// Returns what `/readyz` answers from.
    #[must_use]
    pub fn readiness(&self) -> &Readiness {
        &self.readiness
    }

    /// Returns what `pick` takes from the industry of that slug.
    ///
    /// # Errors
    /// There is no such industry, or nothing was read yet.
    pub(crate) fn industry<T>(
        &self,
        slug: String,
        pick: impl FnOnce(&Found) -> T,
    ) -> Result<T, IndustriesError> {
        match self.latest()?.industry(&slug) {
            Some(found) => Ok(pick(found)),
            None => Err(IndustriesError::UnknownIndustry(slug)),
        }
    }

    /// Returns the latest view; no view is an error, never an empty answer.
    pub(crate) fn latest(&self) -> Result<Arc<View>, IndustriesError> {
        self.published.latest().ok_or(IndustriesError::NotReady)
    }
}
