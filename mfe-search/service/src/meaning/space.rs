//! Where stories lie, and which lie near a query.
//!
//! Up to [`EXACT`] passages every one is compared; above, a graph (HNSW, Malkov and Yashunin 2016) finds the
//! near ones and only their stories are compared. Both then score a story in the same way: from the
//! passages nearest to the query, and the nearest of those that tell what the story is about.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use hnsw_rs::{anndists::dist::Distance, hnsw::Hnsw};

use super::passages::Passage;
use crate::Story;

/// Below, comparing all is fast enough and misses nothing.
pub(crate) const EXACT: usize = 50_000;
/// Nearest passages that the graph is asked for, and how far it looks around for them.
const NEAREST: usize = 400;
const BREADTH: usize = 500;
/// Links of a passage in the graph, and the breadth while it is built.
const LINKS: usize = 16;
const BUILD_BREADTH: usize = 100;
const MOST_LAYERS: usize = 16;
/// The graph is built anew when more than this share of its passages is gone, in percent.
const MOST_DEAD: usize = 25;
/// Stories that tell what is near for a query at all.
const SAMPLE: usize = 512;
/// Passages that a story is judged by: of all, and of those about the whole story.
const BEST: (usize, usize) = (4, 3);
/// How much the passages about the whole story count beside all passages.
const ABOUT: f32 = 0.3;

/// A story's passages with their vectors.
pub(crate) struct StoryVectors {
    /// What they were made of.
    pub story: Arc<Story>,
    pub passages: Vec<Passage>,
    /// By passage, of length 1.
    pub vectors: Vec<Vec<f32>>,
}

impl StoryVectors {
    /// Returns how near the story is, −1 to 1.
    fn score(&self, query: &[f32]) -> f32 {
        let (mut all, mut about) = (Best::of(BEST.0), Best::of(BEST.1));
        for (passage, vector) in self.passages.iter().zip(&self.vectors) {
            let closeness = dot(query, vector);
            all.add(closeness);
            if passage.is_about {
                about.add(closeness);
            }
        }
        (1.0 - ABOUT) * all.mean() + ABOUT * about.mean()
    }

    /// Returns the passage of the story's text that is nearest.
    pub(crate) fn nearest(&self, query: &[f32]) -> Option<&Passage> {
        let texts =
            self.passages.iter().zip(&self.vectors).filter(|(passage, _)| !passage.is_about);
        let closeness = |(_, vector): &(&Passage, &Vec<f32>)| dot(query, vector);
        texts.max_by(|a, b| closeness(a).total_cmp(&closeness(b))).map(|(passage, _)| passage)
    }
}

/// The best of some numbers, in falling order.
struct Best {
    values: Vec<f32>,
    most: usize,
}

impl Best {
    fn of(most: usize) -> Self {
        Self { values: Vec::with_capacity(most + 1), most }
    }

    fn add(&mut self, value: f32) {
        let place = self.values.partition_point(|better| *better >= value);
        if place < self.most {
            self.values.insert(place, value);
            self.values.truncate(self.most);
        }
    }

    fn mean(&self) -> f32 {
        self.values.iter().sum::<f32>() / crate::ranking::count(self.values.len().max(1))
    }
}

/// How near stories are to a query, and how near stories are to it at all.
#[derive(Debug, Default)]
pub(crate) struct Nearness {
    /// By id; all stories, or those that the graph found.
    pub near: Vec<(Arc<Story>, f32)>,
    /// Mean over stories, whatever they are about.
    pub mean: f32,
    /// Standard deviation over them; never 0.
    pub deviation: f32,
}

/// All stories' vectors at one moment.
#[derive(Clone, Default)]
pub(crate) struct Space {
    /// Grows with every change.
    pub generation: u64,
    /// By id.
    stories: HashMap<String, Arc<StoryVectors>>,
    passages: usize,
    graph: Option<Arc<Graph>>,
}

impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Space")
            .field("generation", &self.generation)
            .field("passages", &self.passages)
            .field("graph", &self.graph.is_some())
            .finish_non_exhaustive()
    }
}

impl Space {
    /// Returns how many stories there are.
    pub(crate) fn len(&self) -> usize {
        self.stories.len()
    }

    /// Returns how many passages there are.
    pub(crate) fn passages(&self) -> usize {
        self.passages
    }

    /// Returns a story's vectors.
    pub(crate) fn get(&self, id: &str) -> Option<&Arc<StoryVectors>> {
        self.stories.get(id)
    }

    /// Puts a story's vectors in, in place of those that it had.
    pub(crate) fn insert(&mut self, vectors: Arc<StoryVectors>) {
        self.remove(&vectors.story.id);
        self.passages += vectors.passages.len();
        if let Some(graph) = &self.graph {
            graph.insert(&vectors);
        }
        self.stories.insert(vectors.story.id.clone(), vectors);
    }

    /// Takes a story out.
    pub(crate) fn remove(&mut self, id: &str) {
        if let Some(gone) = self.stories.remove(id) {
            self.passages -= gone.passages.len();
        }
    }

    /// Keeps only some stories.
    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        let gone: Vec<String> = self.stories.keys().filter(|id| !keep(id)).cloned().collect();
        gone.iter().for_each(|id| self.remove(id));
    }

    /// Builds the graph when there are more than `exact` passages and it is missing or has too many that
    /// are gone. Takes minutes for a million passages.
    pub(crate) fn tidy(&mut self, exact: usize) {
        if self.passages <= exact {
            self.graph = None;
            return;
        }
        let dead = |graph: &Arc<Graph>| graph.len().saturating_sub(self.passages) * 100;
        if self.graph.as_ref().is_none_or(|graph| dead(graph) > self.passages * MOST_DEAD) {
            self.graph = Some(Arc::new(Graph::new(self.stories.values(), self.passages)));
        }
    }

    /// Returns how near a story is, `None` when it has no vectors.
    pub(crate) fn score(&self, id: &str, query: &[f32]) -> Option<f32> {
        self.stories.get(id).map(|story| story.score(query))
    }

    /// Compares a query with the stories.
    pub(crate) fn nearness(&self, query: &[f32]) -> Nearness {
        let score = |story: &Arc<StoryVectors>| (Arc::clone(&story.story), story.score(query));
        let near: Vec<(Arc<Story>, f32)> = match &self.graph {
            None => self.stories.values().map(score).collect(),
            Some(graph) => {
                let is_live = |found: &Arc<StoryVectors>| {
                    self.get(&found.story.id).is_some_and(|live| Arc::ptr_eq(live, found))
                };
                graph.near(query).iter().filter(|found| is_live(found)).map(score).collect()
            }
        };
        let sample: Vec<f32> = match &self.graph {
            None => near.iter().map(|(_, score)| *score).collect(),
            Some(_) => self.stories.values().take(SAMPLE).map(|story| story.score(query)).collect(),
        };
        let (mean, deviation) = moments(&sample);
        Nearness { near, mean, deviation }
    }
}

/// Returns mean and standard deviation; of nothing and of equal numbers as if they varied by 1.
fn moments(values: &[f32]) -> (f32, f32) {
    let n = crate::ranking::count(values.len().max(1));
    let mean = values.iter().sum::<f32>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / n;
    (mean, if variance > 0.0 { variance.sqrt() } else { 1.0 })
}

/// The graph, and whose passages are in it. Searched while it grows.
struct Graph {
    hnsw: Hnsw<'static, f32, Cosine>,
    /// By number of the passage.
    owners: RwLock<Vec<Arc<StoryVectors>>>,
}

impl Graph {
    fn new<'a>(stories: impl Iterator<Item = &'a Arc<StoryVectors>>, passages: usize) -> Self {
        let hnsw = Hnsw::new(LINKS, passages, MOST_LAYERS, BUILD_BREADTH, Cosine);
        let owners: Vec<&Arc<StoryVectors>> =
            stories.flat_map(|story| std::iter::repeat_n(story, story.vectors.len())).collect();
        let mut place = 0;
        let mut numbered = Vec::with_capacity(owners.len());
        while let Some(story) = owners.get(place) {
            numbered.extend(story.vectors.iter().zip(place..));
            place += story.vectors.len();
        }
        hnsw.parallel_insert(&numbered);
        let owners = RwLock::new(owners.into_iter().cloned().collect());
        Self { hnsw, owners }
    }

    fn len(&self) -> usize {
        self.owners.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn insert(&self, story: &Arc<StoryVectors>) {
        let first = {
            let mut owners = self.owners.write().unwrap_or_else(PoisonError::into_inner);
            let first = owners.len();
            owners.extend(std::iter::repeat_n(story, story.vectors.len()).cloned());
            first
        };
        for (vector, number) in story.vectors.iter().zip(first..) {
            self.hnsw.insert((vector, number));
        }
    }

    /// Returns the stories of the nearest passages, each once.
    fn near(&self, query: &[f32]) -> Vec<Arc<StoryVectors>> {
        let found = self.hnsw.search(query, NEAREST, BREADTH);
        let owners = self.owners.read().unwrap_or_else(PoisonError::into_inner);
        let mut stories: Vec<Arc<StoryVectors>> =
            found.iter().filter_map(|near| owners.get(near.d_id)).cloned().collect();
        stories.sort_unstable_by_key(Arc::as_ptr);
        stories.dedup_by(|a, b| Arc::ptr_eq(a, b));
        stories
    }
}

/// Distance of vectors of length 1.
struct Cosine;

impl Distance<f32> for Cosine {
    fn eval(&self, a: &[f32], b: &[f32]) -> f32 {
        // The graph needs a distance that is never negative, and rounding may make it so.
        (1.0 - dot(a, b)).max(0.0)
    }
}

/// The dot product, in lanes that the compiler turns into vector instructions.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 16;
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Best, Space, StoryVectors, dot, moments};
    use crate::{Story, meaning::passages::Passage};

    const DIMENSIONS: usize = 24;
    /// Instead of [`super::EXACT`], which takes minutes in a debug build.
    const LIMIT: usize = 2_000;

    /// A vector of length 1 that is different for every seed.
    fn vector(seed: u64) -> Vec<f32> {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            f32::from(u16::try_from(state >> 48).unwrap()) / 32768.0 - 1.0
        };
        let vector: Vec<f32> = (0..DIMENSIONS).map(|_| next()).collect();
        let length = dot(&vector, &vector).sqrt();
        vector.into_iter().map(|number| number / length).collect()
    }

    fn vectors(id: &str, seeds: std::ops::Range<u64>) -> Arc<StoryVectors> {
        let passage = |_| Passage { part: "action", text: String::new(), is_about: false };
        Arc::new(StoryVectors {
            story: Arc::new(Story { id: id.to_owned(), ..Story::default() }),
            passages: seeds.clone().map(passage).collect(),
            vectors: seeds.map(vector).collect(),
        })
    }

    fn nearest(space: &Space, query: &[f32]) -> String {
        let nearness = space.nearness(query);
        let best = nearness.near.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        best.map(|(story, _)| story.id.clone()).unwrap_or_default()
    }

    #[test]
    fn arithmetic_is_right() {
        assert!((dot(&[1.0; 37], &[0.5; 37]) - 18.5).abs() < 1e-6);
        assert_eq!(moments(&[1.0, 3.0]), (2.0, 1.0));
        assert_eq!((moments(&[]), moments(&[2.0])), ((0.0, 1.0), (2.0, 1.0)));
        let best = |values: &[f32]| {
            let mut best = Best::of(3);
            values.iter().for_each(|value| best.add(*value));
            best.mean()
        };
        assert_eq!((best(&[]), best(&[-1.0]), best(&[1.0, 6.0, 2.0])), (0.0, -1.0, 3.0));
        assert_eq!(best(&[0.0, 5.0, 1.0, 3.0, 0.5]), 3.0);
    }

    #[test]
    fn stories_are_replaced_and_taken_out() {
        let mut space = Space::default();
        space.insert(vectors("a", 0..3));
        space.insert(vectors("b", 3..5));
        assert_eq!(nearest(&space, &vector(1)), "a");
        space.insert(vectors("a", 10..11));
        assert_eq!((space.len(), space.passages()), (2, 3));
        assert_eq!(nearest(&space, &vector(10)), "a");
        space.retain(|id| id != "a");
        assert_eq!((space.len(), space.passages()), (1, 2));
        assert_eq!(nearest(&space, &vector(10)), "b");
    }

    #[test]
    fn above_the_limit_the_graph_finds_what_comparing_all_finds() {
        let mut space = Space::default();
        let per_story = 10;
        let stories = u64::try_from(LIMIT).unwrap() / per_story + 1;
        for n in 0..stories {
            space.insert(vectors(&n.to_string(), n * per_story..(n + 1) * per_story));
        }
        assert!(space.graph.is_none());
        space.tidy(LIMIT);
        assert!(space.graph.is_some());
        let mut exact = space.clone();
        exact.graph = None;
        let mut agreed = 0;
        for n in 0..100 {
            let query = vector(n * 37);
            agreed += u32::from(nearest(&space, &query) == nearest(&exact, &query));
        }
        assert!(agreed >= 95, "{agreed} of 100");
        // What comes later is found, what is gone is not.
        space.insert(vectors("new", 900_000..900_010));
        assert_eq!(nearest(&space, &vector(900_003)), "new");
        space.remove("new");
        assert_ne!(nearest(&space, &vector(900_003)), "new");
        space.retain(|id| id.len() < 2);
        space.tidy(LIMIT);
        assert!(space.graph.is_none());
    }
}
