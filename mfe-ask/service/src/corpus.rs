//! The stories, counted and split once so that a question is answered in a millisecond or two.
//!
//! Not here: what fits a question; see `ranking`.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use crate::{
    naming::Names,
    passages::{Passage, passages},
    story::Story,
    text::stems,
};

/// A story with all that is counted about it.
#[derive(Clone, Debug)]
pub(crate) struct IndexedStory {
    /// As told.
    pub(crate) story: Story,
    /// What may be quoted.
    pub(crate) passages: Vec<Passage>,
    /// Occurrences of each stem anywhere, weighted by where it stands.
    pub(crate) terms: HashMap<String, f32>,
    /// Stems by which the story is headed: title, names, facets, tags, uses, questions.
    pub(crate) heading: HashSet<String>,
    /// The stems of each question that the story says it answers.
    pub(crate) questions: Vec<HashSet<String>>,
    /// Sum of `terms`.
    pub(crate) length: f32,
}

impl IndexedStory {
    /// Counts a story.
    pub(crate) fn new(story: Story) -> Self {
        let passages = passages(&story);
        let mut terms: HashMap<String, f32> = HashMap::new();
        let mut heading = HashSet::new();
        for (weight, text) in headings(&story) {
            for stem in stems(text) {
                *terms.entry(stem.clone()).or_default() += weight;
                heading.insert(stem);
            }
        }
        for text in details(&story) {
            for stem in stems(text) {
                *terms.entry(stem).or_default() += 1.0;
            }
        }
        for passage in &passages {
            for (stem, count) in &passage.terms {
                *terms.entry(stem.clone()).or_default() += count;
            }
        }
        let questions =
            story.interview_questions.iter().map(|q| stems(q).into_iter().collect()).collect();
        let length = terms.values().sum();
        Self { story, passages, terms, heading, questions, length }
    }
}

/// Texts that say what a story is about, with what an occurrence there counts.
fn headings(story: &Story) -> impl Iterator<Item = (f32, &str)> {
    let one = [
        (3.0, &story.title),
        (2.0, &story.project),
        (1.5, &story.client),
        (3.0, &story.capability),
        (3.0, &story.sub_category),
        (1.0, &story.industry),
        (1.0, &story.theme),
        (1.0, &story.era),
        (0.5, &story.employer),
        (0.5, &story.division),
        (0.5, &story.role),
    ];
    let many = [
        (2.0, &story.tags),
        (1.5, &story.competencies),
        (2.0, &story.use_cases),
        (2.0, &story.interview_questions),
    ];
    one.into_iter().map(|(weight, text)| (weight, text.as_str())).chain(
        many.into_iter()
            .flat_map(|(weight, texts)| texts.iter().map(move |t| (weight, t.as_str()))),
    )
}

/// Texts that are too short to quote but still tell.
fn details(story: &Story) -> impl Iterator<Item = &str> {
    let metrics = story.metrics.iter().flat_map(|metric| [&metric.value, &metric.label]);
    [&story.person, &story.place, &story.purpose]
        .into_iter()
        .chain(&story.process)
        .chain(metrics)
        .map(String::as_str)
}

/// All stories at one moment.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    pub(crate) stories: Vec<Arc<IndexedStory>>,
    pub(crate) names: Names,
    pub(crate) average_length: f32,
    pub(crate) average_passage: f32,
    /// In how many stories each stem occurs.
    frequency: HashMap<String, usize>,
}

impl Corpus {
    /// Counts stories; of two with the same id the later one stays.
    #[must_use]
    pub fn new(stories: impl IntoIterator<Item = Story>) -> Self {
        let by_id: BTreeMap<_, _> = stories
            .into_iter()
            .map(|story| (story.id.clone(), Arc::new(IndexedStory::new(story))))
            .collect();
        Self::of(by_id.into_values().collect())
    }

    /// Puts counted stories together.
    pub(crate) fn of(stories: Vec<Arc<IndexedStory>>) -> Self {
        let mut frequency: HashMap<String, usize> = HashMap::new();
        for stem in stories.iter().flat_map(|story| story.terms.keys()) {
            *frequency.entry(stem.clone()).or_default() += 1;
        }
        let names = Names::of(&stories, &frequency);
        let average_length = mean(stories.iter().map(|story| story.length));
        let passages = stories.iter().flat_map(|story| &story.passages);
        let average_passage = mean(passages.map(|passage| passage.length));
        Self { stories, names, average_length, average_passage, frequency }
    }

    /// Returns the story of an id. The stories are in the order of their ids.
    pub(crate) fn story(&self, id: &str) -> Option<&Arc<IndexedStory>> {
        let at = self.stories.binary_search_by(|indexed| indexed.story.id.as_str().cmp(id)).ok()?;
        self.stories.get(at)
    }

    /// Returns the title of a story.
    pub(crate) fn title(&self, id: &str) -> Option<&str> {
        self.story(id).map(|indexed| indexed.story.title.as_str())
    }

    /// Tells whether there is a story of this id.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.story(id).is_some()
    }

    /// Returns how much a word that occurs in `stories` stories tells; one that occurs in none tells most.
    pub(crate) fn rarity(&self, stories: usize) -> f32 {
        let (all, with) = (self.stories.len() as f32, stories as f32);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }

    /// Returns in how many stories a stem occurs.
    pub(crate) fn frequency(&self, stem: &str) -> usize {
        self.frequency.get(stem).copied().unwrap_or(0)
    }
}

fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), v| (sum + v, count + 1.0));
    if count > 0.0 { sum / count } else { 1.0 }
}
