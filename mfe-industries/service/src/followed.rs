//! The sink of the stories feed.
//!
//! What was read so far and what is answered from are kept apart: a view is published only when the feed
//! was read to its end. So nobody sees half of the stories, neither at the start nor while everything is
//! read again after the stories' store was made anew.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use contract::{ChangeKind, FeedPage};
use service_kit::{BoxError, FeedSink};

use crate::{grouping, story::Story};

/// What is answered from; nothing before the feed was read once. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Published(Arc<RwLock<Option<Arc<grouping::View>>>>);

impl Published {
    /// Returns the latest view.
    pub(crate) fn latest(&self) -> Option<Arc<grouping::View>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, view: grouping::View) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(view));
    }
}

/// The stories as far as the feed was read.
#[derive(Debug)]
pub struct Followed {
    cursor: Option<String>,
    stories: HashMap<String, Story>,
    published: Published,
}

impl Followed {
    /// Returns a sink at the feed's beginning that publishes to `published`.
    #[must_use]
    pub fn new(published: Published) -> Self {
        Self { cursor: None, stories: HashMap::new(), published }
    }
}

impl FeedSink<Story> for Followed {
    fn cursor(&self) -> Option<String> {
        self.cursor.clone()
    }

    fn apply(&mut self, page: FeedPage<Story>) -> Result<(), BoxError> {
        for change in page.changes {
            match (change.kind, change.value) {
                (ChangeKind::Upsert, Some(story)) => self.stories.insert(change.id, story),
                (ChangeKind::Delete, _) | (ChangeKind::Upsert, None) => {
                    self.stories.remove(&change.id)
                }
            };
        }
        self.cursor = Some(page.cursor);
        if !page.more {
            self.published.replace(grouping::view(self.stories.values()));
        }
        Ok(())
    }

    fn reset(&mut self) -> Result<(), BoxError> {
        self.cursor = None;
        self.stories.clear();
        Ok(())
    }
}
