//! Keeps the library up to date with the stories feed.
//!
//! Not here: a store. The stories fit into memory and the feed is read again after a restart.

use std::{collections::BTreeMap, sync::Arc};

use contract::{ChangeKind, FeedPage};
use service_kit::{BoxError, FeedSink};

use crate::{Corpus, Library, Snapshot, Story, corpus::IndexedStory};

/// Where the changes of the feed go.
#[derive(Debug)]
pub struct Follower {
    library: Library,
    stories: BTreeMap<String, Arc<IndexedStory>>,
    cursor: Option<String>,
}

impl Follower {
    /// Returns a follower at the feed's beginning.
    #[must_use]
    pub fn new(library: Library) -> Self {
        Self { library, stories: BTreeMap::new(), cursor: None }
    }

    fn publish(&self) {
        let corpus = Corpus::of(self.stories.values().cloned().collect());
        tracing::info!(stories = corpus.stories.len(), "stories read");
        self.library.replace(Snapshot::new(corpus));
    }
}

impl FeedSink<Story> for Follower {
    fn cursor(&self) -> Option<String> {
        self.cursor.clone()
    }

    fn apply(&mut self, page: FeedPage<Story>) -> Result<(), BoxError> {
        for change in page.changes {
            match (change.kind, change.value) {
                (ChangeKind::Upsert, Some(story)) => {
                    self.stories.insert(change.id, Arc::new(IndexedStory::new(story)));
                }
                (ChangeKind::Delete, _) => {
                    self.stories.remove(&change.id);
                }
                (ChangeKind::Upsert, None) => {
                    tracing::warn!(story.id = change.id, "a change without its story is left out");
                }
            }
        }
        self.cursor = Some(page.cursor);
        // Between two pages of one catch-up nobody should see half of the stories.
        if !page.more {
            self.publish();
        }
        Ok(())
    }

    fn reset(&mut self) -> Result<(), BoxError> {
        // The old stories keep answering until the feed has been read again.
        self.stories.clear();
        self.cursor = None;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use contract::{Change, ChangeKind, FeedPage};
    use service_kit::FeedSink;

    use super::Follower;
    use crate::{Library, Story};

    fn page(id: &str, kind: ChangeKind, more: bool) -> FeedPage<Story> {
        let story = Story { id: id.to_owned(), ..Story::default() };
        let value = (kind == ChangeKind::Upsert).then_some(story);
        let changes = vec![Change { id: id.to_owned(), kind, value }];
        FeedPage { changes, cursor: ["after-", id].concat(), more }
    }

    #[test]
    fn the_library_changes_when_the_feed_has_been_caught_up_with() {
        let library = Library::default();
        let mut follower = Follower::new(library.clone());
        let has = |id: &str| library.current().corpus.has(id);

        follower.apply(page("a", ChangeKind::Upsert, true)).unwrap();
        assert!(!has("a"), "half a catch-up is not shown");
        follower.apply(page("b", ChangeKind::Upsert, false)).unwrap();
        assert!(has("a") && has("b"));
        assert_eq!(follower.cursor().as_deref(), Some("after-b"));

        follower.apply(page("a", ChangeKind::Delete, false)).unwrap();
        assert!(!has("a") && has("b"));

        follower.reset().unwrap();
        assert!(has("b"), "the old stories answer meanwhile");
        assert_eq!(follower.cursor(), None);
        follower.apply(page("c", ChangeKind::Upsert, false)).unwrap();
        assert!(has("c") && !has("b"));
    }
}
