//! The stories at one moment, as a search reads them: the engine's view and the table beside it.
//!
//! Both are made from the same commit and replaced together, so a count never disagrees with a result.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use tantivy::{
    DocAddress, Searcher, Term,
    collector::TopDocs,
    query::{BoostQuery, DisjunctionMaxQuery, Query, TermQuery},
    schema::IndexRecordOption,
};

use crate::{
    Story,
    schema::{Fields, TEXT_FIELDS},
    suggest::Name,
    vocabulary::Vocabulary,
};

/// A story's place in [`Snapshot::stories`].
pub(crate) type Ordinal = u32;

/// How much the further fields that have a word add to the best one.
const TIE_BREAKER: f32 = 0.3;

/// The latest [`Snapshot`], shared between the writer and all searches.
#[derive(Clone, Debug)]
pub struct Published(Arc<RwLock<Arc<Snapshot>>>);

impl Published {
    pub(crate) fn new(snapshot: Snapshot) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(snapshot))))
    }

    /// Returns the stories as the last published change left them.
    #[must_use]
    pub fn latest(&self) -> Arc<Snapshot> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn publish(&self, snapshot: Snapshot) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

/// The stories at one moment.
pub struct Snapshot {
    searcher: Searcher,
    fields: Fields,
    /// By segment and document, the story.
    ordinals: Vec<Vec<Option<Ordinal>>>,
    /// Newest first, then by title, then by id.
    pub(crate) stories: Vec<Arc<Story>>,
    pub(crate) vocabulary: Vocabulary,
    /// What can be suggested.
    pub(crate) names: Vec<Name>,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").field("stories", &self.stories.len()).finish_non_exhaustive()
    }
}

impl Snapshot {
    pub(crate) fn new(
        searcher: Searcher,
        fields: Fields,
        stories: &BTreeMap<String, Arc<Story>>,
    ) -> tantivy::Result<Self> {
        // The map's order is by id and the sort is stable.
        let mut stories: Vec<Arc<Story>> = stories.values().cloned().collect();
        stories.sort_by_key(|story| (Reverse(story.start.clone()), story.title.to_lowercase()));
        let by_id: HashMap<&str, Ordinal> =
            (0..).zip(&stories).map(|(ordinal, story)| (story.id.as_str(), ordinal)).collect();
        let ordinals = ordinals(&searcher, &by_id)?;
        let vocabulary = vocabulary(&searcher, &fields)?;
        let names = Name::all(&stories);
        Ok(Self { searcher, fields, ordinals, stories, vocabulary, names })
    }

    /// Returns the stories that have one of the stems, with a score; a stem counts by its weight.
    pub(crate) fn matches(&self, stems: &[(String, f32)]) -> tantivy::Result<Vec<(Ordinal, f32)>> {
        let best = TopDocs::with_limit(self.stories.len().max(1)).order_by_score();
        let stems = stems.iter().map(|(stem, weight)| self.in_any_field(stem, *weight)).collect();
        let found = self.searcher.search(&DisjunctionMaxQuery::new(stems), &best)?;
        let known = |(score, address): (f32, DocAddress)| {
            let segment = self.ordinals.get(address.segment_ord as usize)?;
            Some(((*segment.get(address.doc_id as usize)?)?, score))
        };
        Ok(found.into_iter().filter_map(known).collect())
    }

    fn in_any_field(&self, stem: &str, weight: f32) -> Box<dyn Query> {
        let field = |(text, &field): (&crate::schema::TextField, _)| -> Box<dyn Query> {
            let term = Term::from_field_text(field, stem);
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            Box::new(BoostQuery::new(Box::new(query), text.weight * weight))
        };
        let fields = TEXT_FIELDS.iter().zip(&self.fields.texts).map(field).collect();
        Box::new(DisjunctionMaxQuery::with_tie_breaker(fields, TIE_BREAKER))
    }
}

fn ordinals(
    searcher: &Searcher,
    by_id: &HashMap<&str, Ordinal>,
) -> tantivy::Result<Vec<Vec<Option<Ordinal>>>> {
    let mut segments = Vec::new();
    let mut id = String::new();
    for segment in searcher.segment_readers() {
        let mut ordinals = vec![None; segment.max_doc() as usize];
        if let Some(ids) = segment.fast_fields().str("id")? {
            for doc in segment.doc_ids_alive() {
                let Some(term) = ids.term_ords(doc).next() else { continue };
                ids.ord_to_str(term, &mut id)?;
                ordinals[doc as usize] = by_id.get(id.as_str()).copied();
            }
        }
        segments.push(ordinals);
    }
    Ok(segments)
}

fn vocabulary(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vocabulary> {
    let mut words = Vec::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(fields.forms)?;
        let mut terms = index.terms().stream()?;
        while terms.advance() {
            words.push(String::from_utf8_lossy(terms.key()).into_owned());
        }
    }
    Ok(Vocabulary::new(words))
}
