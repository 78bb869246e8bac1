//! Which stories have a stem, and how well: BM25 in each field, of which the best counts whole and the
//! others a share.
//!
//! The engine's own queries do the same with a tree of scorers that is asked for one story after the other.
//! For a word that most of a hundred thousand stories have, going through one field's list after the other
//! and adding into a table takes a fifth of the time. Not here: phrases, which are the engine's.

use std::{collections::HashMap, sync::Arc};

use tantivy::{
    DocAddress, InvertedIndexReader, Searcher, SegmentReader, Term,
    fieldnorm::FieldNormReader,
    postings::BlockSegmentPostings,
    query::Bm25Weight,
    schema::{Field, IndexRecordOption},
};

use crate::{
    schema::{Fields, TEXT_FIELDS},
    snapshot::{Ordinal, Wanted},
};

/// How much the further fields that have a word add to the best one.
const TIE_BREAKER: f32 = 0.3;

/// All lists of the stories' fields.
pub(crate) struct Postings {
    segments: Vec<Segment>,
    /// In the order of [`TEXT_FIELDS`].
    fields: Vec<Measured>,
    /// Those that are deleted but not yet gone count, as they do in the lists.
    documents: u64,
    stories: usize,
}

struct Segment {
    /// By document; a deleted one has none.
    ordinals: Vec<Option<Ordinal>>,
    /// In the order of [`TEXT_FIELDS`].
    lists: Vec<Lists>,
}

/// The lists of a field.
struct Lists {
    index: Arc<InvertedIndexReader>,
    lengths: FieldNormReader,
}

struct Measured {
    field: Field,
    mean_length: f32,
}

impl Postings {
    /// Opens the lists. `by_id` tells the stories' places.
    pub(crate) fn new(
        searcher: &Searcher,
        fields: &Fields,
        by_id: &HashMap<String, Ordinal>,
    ) -> tantivy::Result<Self> {
        let segments = searcher.segment_readers().iter();
        let segments: Vec<Segment> = segments
            .map(|segment| {
                let lists = fields.texts.iter().map(|&field| Lists::new(segment, field));
                Ok(Segment {
                    ordinals: ordinals(segment, by_id)?,
                    lists: lists.collect::<Result<_, _>>()?,
                })
            })
            .collect::<tantivy::Result<_>>()?;
        let documents = searcher.segment_readers().iter().map(|s| u64::from(s.max_doc())).sum();
        let mean_length = |place: usize| {
            let tokens: u64 =
                segments.iter().map(|s| s.lists[place].index.total_num_tokens()).sum();
            float(tokens) / float(documents)
        };
        let fields = fields.texts.iter().enumerate();
        let fields = fields
            .map(|(place, &field)| Measured { field, mean_length: mean_length(place) })
            .collect();
        Ok(Self { segments, fields, documents, stories: by_id.len() })
    }

    /// Returns a document's story.
    pub(crate) fn ordinal(&self, address: DocAddress) -> Option<Ordinal> {
        let segment = self.segments.get(address.segment_ord as usize)?;
        *segment.ordinals.get(address.doc_id as usize)?
    }

    /// Returns the stories that have one of those wanted, each once and in their order, with a score: that
    /// of the one that fits best.
    pub(crate) fn matches(&self, wanted: &[Wanted]) -> tantivy::Result<Vec<(Ordinal, f32)>> {
        let mut table = Table::new(self.stories);
        let mut best = vec![0.0_f32; self.stories];
        for Wanted { stems, weight } in wanted {
            for (ordinal, score) in self.with_all(stems, *weight, &mut table)? {
                let best = &mut best[ordinal as usize];
                *best = best.max(score);
            }
        }
        Ok((0..).zip(best).filter(|(_, score)| *score > 0.0).collect())
    }

    /// Returns the stories that have all of the stems.
    fn with_all(
        &self,
        stems: &[String],
        weight: f32,
        table: &mut Table,
    ) -> tantivy::Result<Vec<(Ordinal, f32)>> {
        let mut stems = stems.iter();
        let Some(first) = stems.next() else { return Ok(Vec::new()) };
        self.add(first, weight, table)?;
        let mut found = table.take();
        for stem in stems {
            self.add(stem, weight, table)?;
            found.retain_mut(|(ordinal, score)| {
                let other = table.score(*ordinal);
                *score += other;
                other > 0.0
            });
            table.clear();
        }
        Ok(found)
    }

    /// Adds what each field says about a stem.
    fn add(&self, stem: &str, weight: f32, table: &mut Table) -> tantivy::Result<()> {
        for (place, (field, text)) in self.fields.iter().zip(&TEXT_FIELDS).enumerate() {
            let term = Term::from_field_text(field.field, stem);
            let mut lists = Vec::new();
            for segment in &self.segments {
                let index = &segment.lists[place].index;
                let Some(list) = index.get_term_info(&term)? else { continue };
                lists.push((segment, list));
            }
            if lists.is_empty() {
                continue;
            }
            let with_it = lists.iter().map(|(_, list)| u64::from(list.doc_freq)).sum();
            let weighing = Bm25Weight::for_one_term_without_explain(
                with_it,
                self.documents,
                field.mean_length,
            );
            let weighing = weighing.boost_by(text.weight * weight);
            for (segment, list) in lists {
                let Lists { index, lengths } = &segment.lists[place];
                let list =
                    index.read_block_postings_from_terminfo(&list, IndexRecordOption::WithFreqs)?;
                each(list, |document, frequency| {
                    if let Some(ordinal) = segment.ordinals[document as usize] {
                        let length = lengths.fieldnorm_id(document);
                        table.add(ordinal, weighing.score(length, frequency));
                    }
                });
            }
        }
        Ok(())
    }
}

impl Lists {
    fn new(segment: &SegmentReader, field: Field) -> tantivy::Result<Self> {
        let lengths = segment.fieldnorms_readers().get_field(field)?;
        let lengths = lengths.unwrap_or_else(|| FieldNormReader::constant(segment.max_doc(), 1));
        Ok(Self { index: segment.inverted_index(field)?, lengths })
    }
}

/// Goes through a list's documents and how often each has the stem.
fn each(mut list: BlockSegmentPostings, mut add: impl FnMut(u32, u32)) {
    while !list.docs().is_empty() {
        for (&document, &frequency) in list.docs().iter().zip(list.freqs()) {
            add(document, frequency);
        }
        list.advance();
    }
}

/// What the fields of stories say about a stem.
struct Table {
    /// By story: the best field, and all together. A story that nothing was added to has zeros.
    fields: Vec<(f32, f32)>,
    /// The stories that have something.
    touched: Vec<Ordinal>,
}

impl Table {
    fn new(stories: usize) -> Self {
        Self { fields: vec![(0.0, 0.0); stories], touched: Vec::new() }
    }

    fn add(&mut self, ordinal: Ordinal, score: f32) {
        let (best, sum) = &mut self.fields[ordinal as usize];
        if *sum == 0.0 {
            self.touched.push(ordinal);
        }
        *best = best.max(score);
        *sum += score;
    }

    fn score(&self, ordinal: Ordinal) -> f32 {
        let (best, sum) = self.fields[ordinal as usize];
        best + (sum - best) * TIE_BREAKER
    }

    fn clear(&mut self) {
        for ordinal in self.touched.drain(..) {
            self.fields[ordinal as usize] = (0.0, 0.0);
        }
    }

    /// Returns the stories that have something, in no order, and clears.
    fn take(&mut self) -> Vec<(Ordinal, f32)> {
        let found = self.touched.iter().map(|&ordinal| (ordinal, self.score(ordinal))).collect();
        self.clear();
        found
    }
}

fn ordinals(
    segment: &SegmentReader,
    by_id: &HashMap<String, Ordinal>,
) -> tantivy::Result<Vec<Option<Ordinal>>> {
    let mut ordinals = vec![None; segment.max_doc() as usize];
    let mut id = String::new();
    if let Some(ids) = segment.fast_fields().str("id")? {
        for doc in segment.doc_ids_alive() {
            let Some(term) = ids.term_ords(doc).next() else { continue };
            ids.ord_to_str(term, &mut id)?;
            ordinals[doc as usize] = by_id.get(id.as_str()).copied();
        }
    }
    Ok(ordinals)
}

#[expect(clippy::cast_precision_loss, reason = "the engine counts in the same way")]
fn float(n: u64) -> f32 {
    n as f32
}
