//! The stories at one moment, as a search reads them: the engine's view and the tables beside it.
//!
//! All are made from the same commit and replaced together, so a count never disagrees with a result.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    sync::Arc,
};

use tantivy::{
    Searcher, Term,
    collector::DocSetCollector,
    query::{BooleanQuery, PhraseQuery, Query},
};
use tokio::sync::watch;

use crate::{
    Story,
    facets::{Facet, FacetTable},
    postings::Postings,
    reading::Names,
    schema::Fields,
    suggest::Name,
    synonyms::Stems,
    vocabulary::Vocabulary,
};

/// A story's place in [`Snapshot::stories`].
pub(crate) type Ordinal = u32;

/// A client's first word stands for it when so many of the stories that have the word are its own.
const DISTINCTIVE_PERCENT: usize = 80;

/// The latest [`Snapshot`], shared between the writer and all searches.
#[derive(Clone, Debug)]
pub struct Published(watch::Sender<Arc<Snapshot>>);

impl Published {
    pub(crate) fn new(snapshot: Snapshot) -> Self {
        Self(watch::Sender::new(Arc::new(snapshot)))
    }

    /// Returns the stories as the last published change left them.
    #[must_use]
    pub fn latest(&self) -> Arc<Snapshot> {
        Arc::clone(&self.0.borrow())
    }

    /// Returns a receiver that is told of every change.
    pub(crate) fn changes(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.0.subscribe()
    }

    pub(crate) fn publish(&self, mut snapshot: Snapshot) {
        self.0.send_modify(|latest| {
            snapshot.generation = latest.generation + 1;
            *latest = Arc::new(snapshot);
        });
    }
}

/// The stories at one moment.
pub struct Snapshot {
    searcher: Searcher,
    fields: Fields,
    postings: Postings,
    /// Grows with every published change.
    pub(crate) generation: u64,
    /// Newest first, then by title, then by id.
    pub(crate) stories: Vec<Arc<Story>>,
    /// By id.
    pub(crate) by_id: HashMap<String, Ordinal>,
    pub(crate) facets: FacetTable,
    pub(crate) vocabulary: Vocabulary,
    /// What a query may name.
    pub(crate) names: Names,
    /// What can be suggested.
    pub(crate) suggestions: Vec<Name>,
    /// By folded title.
    titles: HashMap<String, Vec<Ordinal>>,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").field("stories", &self.stories.len()).finish_non_exhaustive()
    }
}

/// A word or term to look for, and how much it counts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    /// All of them, in one story.
    pub stems: Stems,
    pub weight: f32,
}

impl Snapshot {
    pub(crate) fn new(
        searcher: Searcher,
        fields: Fields,
        stories: &BTreeMap<String, Arc<Story>>,
    ) -> tantivy::Result<Self> {
        // The map's order is by id and the sort is stable.
        let mut stories: Vec<Arc<Story>> = stories.values().cloned().collect();
        stories
            .sort_by_cached_key(|story| (Reverse(story.start.clone()), story.title.to_lowercase()));
        let by_id: HashMap<String, Ordinal> =
            (0..).zip(&stories).map(|(ordinal, story)| (story.id.clone(), ordinal)).collect();
        let postings = Postings::new(&searcher, &fields, &by_id)?;
        let vocabulary = vocabulary(&searcher, &fields)?;
        let facets = FacetTable::new(&stories);
        let suggestions = Name::all(&stories);
        let mut titles: HashMap<String, Vec<Ordinal>> = HashMap::new();
        for (id, title) in suggestions.iter().filter_map(Name::title) {
            titles.entry(title.to_owned()).or_default().extend(by_id.get(id));
        }
        let mut snapshot = Self {
            searcher,
            fields,
            postings,
            generation: 0,
            stories,
            by_id,
            facets,
            vocabulary,
            names: Names::default(),
            suggestions,
            titles,
        };
        snapshot.names = snapshot.read_names();
        Ok(snapshot)
    }

    fn read_names(&self) -> Names {
        let named: HashSet<&str> = self
            .stories
            .iter()
            .filter(|story| story.client_kind != GENERIC)
            .map(|story| story.client.as_str())
            .collect();
        Names::new(
            |facet| self.facets.values(facet),
            |client| named.contains(client),
            |client, stem| self.is_distinctive(client, stem),
        )
    }

    /// Tells whether hardly any story but the client's own has the word.
    fn is_distinctive(&self, client: &str, stem: &str) -> bool {
        let wanted = Wanted { stems: vec![stem.to_owned()], weight: 1.0 };
        let Ok(found) = self.matches(&[wanted]) else { return false };
        let is_own = |(ordinal, _): &&(Ordinal, f32)| {
            self.stories.get(*ordinal as usize).is_some_and(|s| Facet::Client.of(s) == client)
        };
        let (own, all) = (found.iter().filter(is_own).count(), found.len());
        all > 0 && own * 100 >= all * DISTINCTIVE_PERCENT
    }

    /// As [`Postings::matches`].
    pub(crate) fn matches(&self, wanted: &[Wanted]) -> tantivy::Result<Vec<(Ordinal, f32)>> {
        self.postings.matches(wanted)
    }

    /// Returns the stories that have the words of a phrase beside each other, in their order.
    pub(crate) fn with_phrase(&self, stems: &[String]) -> tantivy::Result<HashSet<Ordinal>> {
        let in_field = |&field| -> Box<dyn Query> {
            let terms = stems.iter().map(|stem| Term::from_field_text(field, stem)).collect();
            Box::new(PhraseQuery::new(terms))
        };
        let query = BooleanQuery::union(self.fields.texts.iter().map(in_field).collect());
        let found = self.searcher.search(&query, &DocSetCollector)?;
        Ok(found.into_iter().filter_map(|address| self.postings.ordinal(address)).collect())
    }

    /// Returns the stories whose whole title this is, as [`Name::fold`] writes it.
    pub(crate) fn titled(&self, folded: &str) -> &[Ordinal] {
        self.titles.get(folded).map_or(&[], Vec::as_slice)
    }
}

/// The kind of a client that is no client's name, such as "Several clients".
const GENERIC: &str = "generic";

fn vocabulary(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vocabulary> {
    let mut words = Vec::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(fields.forms)?;
        let mut terms = index.terms().stream()?;
        while terms.advance() {
            let word = String::from_utf8_lossy(terms.key()).into_owned();
            words.push((word, terms.value().doc_freq));
        }
    }
    Ok(Vocabulary::new(words))
}
