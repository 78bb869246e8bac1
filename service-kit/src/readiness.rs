//! Whether a service can do its work yet.

use std::sync::{Arc, RwLock};

/// A shared answer to "are you ready?". Begins not ready.
#[derive(Clone, Debug)]
pub struct Readiness(Arc<RwLock<Option<String>>>);

impl Readiness {
    /// Returns a state that is not ready, with the reason.
    #[must_use]
    pub fn waiting(reason: &str) -> Self {
        Self(Arc::new(RwLock::new(Some(reason.to_owned()))))
    }

    /// Returns a state that is ready from the start.
    #[must_use]
    pub fn ready() -> Self {
        Self(Arc::new(RwLock::new(None)))
    }

    /// Becomes ready.
    pub fn set_ready(&self) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
    }

    /// Becomes not ready.
    pub fn set_waiting(&self, reason: &str) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) =
            Some(reason.to_owned());
    }

    /// Returns why it is not ready, `None` when it is.
    #[must_use]
    pub fn waiting_for(&self) -> Option<String> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}
