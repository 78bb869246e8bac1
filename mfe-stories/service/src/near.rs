//! Likeness, kept in step with the store.

use std::sync::{Mutex, PoisonError};

use crate::{
    Store,
    cursor::Cursor,
    related::{Likeness, Match},
    store::StoreError,
};

/// Changes that are read at once.
const PAGE: u32 = 500;

/// What is known of all stories' likeness, up to some change; a request brings it up to date first.
#[derive(Debug, Default)]
pub(crate) struct Near(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    after: Option<Cursor>,
    likeness: Likeness,
}

impl Near {
    /// Returns what [`Likeness::rank`] does, as the store is now.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) fn rank(
        &self,
        store: &Store,
        id: &str,
        limit: usize,
        narrative: bool,
    ) -> Result<Option<Vec<Match>>, StoreError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let Some(page) = store.feed(known.after.as_ref(), PAGE)? else {
                // The file was put back to an older state under our hands.
                *known = Known::default();
                continue;
            };
            for change in page.changes {
                match change.value {
                    Some(story) => known.likeness.put(&story),
                    None => known.likeness.remove(&change.id),
                }
            }
            known.after = page.cursor.parse().ok();
            if !page.more {
                return Ok(known.likeness.rank(id, limit, narrative));
            }
        }
    }
}
