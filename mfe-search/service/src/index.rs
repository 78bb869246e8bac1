//! The index on disk, kept up to date from the stories feed.
//!
//! The feed's cursor is the payload of the commit that holds the changes before it: after a crash both
//! are there or neither. Whatever stands on disk can be made anew from the feed, so an index that cannot
//! be trusted is thrown away, never repaired.

use std::{collections::BTreeMap, fmt, fs, path::Path, sync::Arc};

use contract::{Change, ChangeKind, FeedPage};
use serde::{Deserialize, Serialize};
use service_kit::{BoxError, FeedSink, chain};
use tantivy::{
    IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, TantivyError, Term,
    directory::{MmapDirectory, error::LockError},
    schema::Value,
};

use crate::{
    IndexError, Published, Snapshot, Story, analysis,
    schema::{self, FORMAT, Fields},
};

/// What the writer may hold in memory before it writes a segment, bytes.
const WRITER_MEMORY: usize = 20_000_000;

/// Stored with every commit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Mark {
    /// See [`FORMAT`].
    format: u32,
    /// Of the last page of the feed in this commit.
    cursor: Option<String>,
    /// The index has held all that the feed had to tell.
    caught_up: bool,
}

/// The index and its writer; what searches read of it is [`Index::published`].
pub struct Index {
    writer: IndexWriter,
    reader: IndexReader,
    fields: Fields,
    mark: Mark,
    stories: BTreeMap<String, Arc<Story>>,
    published: Published,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("mark", &self.mark).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index in a folder, or begins an empty one there.
    ///
    /// An index that is damaged or was written by another version is thrown away, with a warning.
    ///
    /// # Errors
    /// The folder cannot be used, or another process uses it.
    pub fn open(folder: &Path) -> Result<Self, IndexError> {
        // The engine panics over some damaged files where it should fail.
        let loaded = std::panic::catch_unwind(|| Self::load(folder))
            .unwrap_or_else(|_| Err(IndexError::Damaged(vec![folder.to_owned()])));
        match loaded {
            Err(error) if error.heals_by_rebuilding() => {
                tracing::warn!(cause = chain(&error), "the search index is made anew");
                clear(folder)?;
                Self::load(folder)
            }
            opened => opened,
        }
    }

    fn load(folder: &Path) -> Result<Self, IndexError> {
        let at_folder = |source| IndexError::Folder { folder: folder.to_owned(), source };
        if folder.is_file() {
            return Err(IndexError::Foreign);
        }
        fs::create_dir_all(folder).map_err(at_folder)?;
        let directory = MmapDirectory::open(folder).map_err(TantivyError::from)?;
        let (schema, fields) = schema::schema();
        // Fails when the index there has another schema.
        let index = tantivy::Index::open_or_create(directory, schema)?;
        analysis::register(&index);
        let writer =
            index.writer_with_num_threads(1, WRITER_MEMORY).map_err(|error| match error {
                TantivyError::LockFailure(LockError::LockBusy, _) => IndexError::InUse(error),
                other => IndexError::Engine(other),
            })?;
        let damaged = index.validate_checksum()?;
        if !damaged.is_empty() {
            return Err(IndexError::Damaged(damaged.into_iter().collect()));
        }
        let mark = match index.load_metas()?.payload {
            None => Mark::default(),
            Some(payload) => serde_json::from_str::<Mark>(&payload)
                .ok()
                .filter(|mark| mark.format == FORMAT)
                .ok_or(IndexError::Foreign)?,
        };
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let stories = stored(&reader.searcher(), &fields)?;
        let published = Published::new(Snapshot::new(reader.searcher(), fields.clone(), &stories)?);
        Ok(Self { writer, reader, fields, mark, stories, published })
    }

    /// Returns what searches read; it follows every change.
    #[must_use]
    pub fn published(&self) -> Published {
        self.published.clone()
    }

    /// Tells whether the index has ever held all that the feed had to tell.
    #[must_use]
    pub fn caught_up(&self) -> bool {
        self.mark.caught_up
    }

    fn write(&mut self, page: FeedPage<Story>) -> Result<(), BoxError> {
        let mut stories = self.stories.clone();
        for Change { id, kind, value } in page.changes {
            self.writer.delete_term(Term::from_field_text(self.fields.id, &id));
            stories.remove(&id);
            match (kind, value) {
                (ChangeKind::Delete, _) => {}
                (ChangeKind::Upsert, Some(story)) => {
                    let story = Story { id, ..story };
                    self.writer.add_document(schema::document(&self.fields, &story)?)?;
                    stories.insert(story.id.clone(), Arc::new(story));
                }
                (ChangeKind::Upsert, None) => {
                    tracing::warn!(story.id = id, "the feed tells a story without its text");
                }
            }
        }
        let caught_up = self.mark.caught_up || !page.more;
        let mark = Mark { format: FORMAT, cursor: Some(page.cursor), caught_up };
        self.commit(&mark)?;
        // Half of a feed is not shown: searches keep what they had until the rest is there.
        if !page.more {
            self.reader.reload()?;
            let (searcher, fields) = (self.reader.searcher(), self.fields.clone());
            self.published.publish(Snapshot::new(searcher, fields, &stories)?);
        }
        (self.mark, self.stories) = (mark, stories);
        Ok(())
    }

    fn commit(&mut self, mark: &Mark) -> Result<(), BoxError> {
        let payload = serde_json::to_string(mark)?;
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&payload);
        commit.commit()?;
        Ok(())
    }
}

impl FeedSink<Story> for Index {
    fn cursor(&self) -> Option<String> {
        self.mark.cursor.clone()
    }

    fn apply(&mut self, page: FeedPage<Story>) -> Result<(), BoxError> {
        self.write(page).inspect_err(|_| {
            // What was half written must not ride along with the next commit.
            if let Err(error) = self.writer.rollback() {
                tracing::warn!(cause = chain(&error), "cannot roll the index back");
            }
        })
    }

    /// Empties the index on disk. Searches keep what they had until the feed is read again.
    fn reset(&mut self) -> Result<(), BoxError> {
        self.writer.delete_all_documents()?;
        let mark = Mark { format: FORMAT, ..Mark::default() };
        self.commit(&mark)?;
        self.mark = mark;
        self.stories.clear();
        Ok(())
    }
}

fn stored(
    searcher: &Searcher,
    fields: &Fields,
) -> Result<BTreeMap<String, Arc<Story>>, IndexError> {
    let mut stories = BTreeMap::new();
    for segment in searcher.segment_readers() {
        let store = segment.get_store_reader(1).map_err(TantivyError::from)?;
        for document in store.iter::<TantivyDocument>(segment.alive_bitset()) {
            let document = document?;
            let json = document.get_first(fields.story).and_then(|value| value.as_bytes());
            let story: Story =
                serde_json::from_slice(json.unwrap_or_default()).map_err(IndexError::Story)?;
            stories.insert(story.id.clone(), Arc::new(story));
        }
    }
    Ok(stories)
}

fn clear(folder: &Path) -> Result<(), IndexError> {
    let removed =
        if folder.is_file() { fs::remove_file(folder) } else { fs::remove_dir_all(folder) };
    removed.map_err(|source| IndexError::Folder { folder: folder.to_owned(), source })
}
