//! The stories as last heard, for every request at once.

use std::sync::{Arc, PoisonError, RwLock};

use crate::{Corpus, starters};

/// All that is known at one moment; it never changes.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The stories.
    pub corpus: Corpus,
    /// Questions that they answer well.
    pub starters: Vec<String>,
}

impl Snapshot {
    /// Takes the stories and finds questions to begin with.
    #[must_use]
    pub fn new(corpus: Corpus) -> Self {
        let starters = starters::choose(&corpus, &mfe_ask_api::Filters::default());
        Self { corpus, starters }
    }
}

/// A shared, replaceable [`Snapshot`]; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Library(Arc<RwLock<Arc<Snapshot>>>);

impl Library {
    /// Returns what is known now. Who holds it is not disturbed by a replacement.
    #[must_use]
    pub fn current(&self) -> Arc<Snapshot> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces what is known.
    pub fn replace(&self, snapshot: Snapshot) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}
