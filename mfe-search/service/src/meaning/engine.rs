//! The model, the vectors that it made, and keeping them up with the stories.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use service_kit::{Readiness, chain};
use tokio::sync::watch;

use super::{
    EmbedError, Embedder, Vectors,
    passages::passages,
    space::{EXACT, Space, StoryVectors},
};
use crate::{Published, Snapshot, Story, reading::Reading};

/// Stories whose vectors are made at a time.
const CHUNK: usize = 8;
/// How often half-done work is shown.
const SHOW: Duration = Duration::from_secs(1);
/// How often to look whether all stories are there.
const NOT_FILLED: Duration = Duration::from_millis(100);
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(60);

/// Search by meaning.
#[derive(Debug)]
pub struct Meaning {
    embedder: Arc<dyn Embedder>,
    space: RwLock<Arc<Space>>,
}

impl Meaning {
    /// Returns the search of an embedder, before it knows any story.
    #[must_use]
    pub fn new(embedder: Arc<dyn Embedder>) -> Arc<Self> {
        Arc::new(Self { embedder, space: RwLock::default() })
    }

    /// Returns what makes the vectors.
    pub(crate) fn embedder(&self) -> &dyn Embedder {
        &*self.embedder
    }

    /// Returns all vectors as the last change left them.
    pub(crate) fn space(&self) -> Arc<Space> {
        Arc::clone(&self.space.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns a number that grows with every change of the vectors.
    pub(crate) fn generation(&self) -> u64 {
        self.space().generation
    }

    /// Returns how many passages have a vector.
    #[must_use]
    pub fn passages(&self) -> usize {
        self.space().passages()
    }

    /// Returns the vector of what a query is about.
    pub(crate) fn query(&self, reading: &Reading) -> Result<Vec<f32>, EmbedError> {
        let vector = self.embedder.embed(&[&reading.core])?.pop();
        vector.ok_or_else(|| EmbedError::compute("the model gave no vector"))
    }

    /// Makes the vectors of the stories that changed. Returns early when there are newer stories.
    ///
    /// Blocking, for as long as the model takes: some 20 ms a passage.
    ///
    /// # Errors
    /// The model fails. What was made until then is kept.
    pub fn update(
        &self,
        snapshot: &Snapshot,
        mut vectors: Option<&mut Vectors>,
        outdated: impl Fn() -> bool,
    ) -> Result<(), EmbedError> {
        let before = self.space();
        let mut space = Space::clone(&before);
        space.retain(|id| snapshot.by_id.contains_key(id));
        let is_new = |story: &&Arc<Story>| {
            space.get(&story.id).is_none_or(|known| !Arc::ptr_eq(&known.story, story))
        };
        let changed: Vec<&Arc<Story>> = snapshot.stories.iter().filter(is_new).collect();
        let mut is_changed = space.len() != before.len();
        let mut shown = Instant::now();
        let mut result = Ok(());
        for stories in changed.chunks(CHUNK) {
            match self.make(stories, vectors.as_deref_mut()) {
                Ok(made) => {
                    is_changed = true;
                    made.into_iter().for_each(|made| space.insert(Arc::new(made)));
                }
                Err(error) => result = Err(error),
            }
            if result.is_err() || outdated() {
                break;
            }
            // A graph is only built at the end, and copying a large space is not free.
            if shown.elapsed() > SHOW && space.len() < 10_000 {
                self.show(space.clone());
                shown = Instant::now();
            }
        }
        if is_changed {
            space.tidy(EXACT);
            self.show(space);
        }
        result
    }

    fn show(&self, mut space: Space) {
        let mut latest = self.space.write().unwrap_or_else(PoisonError::into_inner);
        space.generation = latest.generation + 1;
        *latest = Arc::new(space);
    }

    fn make(
        &self,
        stories: &[&Arc<Story>],
        vectors: Option<&mut Vectors>,
    ) -> Result<Vec<StoryVectors>, EmbedError> {
        let passages: Vec<_> = stories.iter().map(|story| passages(story)).collect();
        let texts: Vec<&str> = passages.iter().flatten().map(|p| p.text.as_str()).collect();
        // The cache only saves time: without it everything works.
        let ignored = |error: rusqlite::Error| {
            tracing::warn!(cause = chain(&error), "the cache of vectors cannot be used");
        };
        let mut found = match &vectors {
            Some(vectors) => vectors.find(&texts).map_err(ignored).unwrap_or_default(),
            None => Default::default(),
        };
        let missing: Vec<usize> =
            (0..texts.len()).filter(|place| !found.contains_key(place)).collect();
        if !missing.is_empty() {
            let texts: Vec<&str> = missing.iter().map(|&place| texts[place]).collect();
            let made = self.embedder.embed(&texts)?;
            if let Some(vectors) = vectors {
                vectors.keep(&texts, &made).map_err(ignored).ok();
            }
            found.extend(missing.into_iter().zip(made));
        }
        let mut place = 0..;
        let mut next = || place.next().and_then(|place| found.remove(&place)).unwrap_or_default();
        let made = stories.iter().zip(passages).map(|(story, passages)| {
            let vectors = passages.iter().map(|_| next()).collect();
            StoryVectors { story: Arc::clone(story), passages, vectors }
        });
        Ok(made.collect())
    }
}

/// Keeps the vectors up with the stories for ever; `readiness` is ready when all stories are there and have
/// theirs.
pub(crate) async fn keep_up(
    meaning: Arc<Meaning>,
    published: Published,
    mut vectors: Option<Vectors>,
    filled: Readiness,
    readiness: Readiness,
) {
    let mut changes = published.changes();
    let mut retry = FIRST_RETRY;
    loop {
        // Read before the stories are: what is filled afterwards is not in them.
        let all = filled.waiting_for().is_none();
        let snapshot = Arc::clone(&changes.borrow_and_update());
        let (meaning, newer) = (Arc::clone(&meaning), changes.clone());
        let work = tokio::task::spawn_blocking(move || {
            let outdated = || newer.has_changed().unwrap_or(true);
            (meaning.update(&snapshot, vectors.as_mut(), outdated), vectors)
        });
        // It only ends otherwise when the process does.
        let Ok((result, cache)) = work.await else { return };
        vectors = cache;
        let outdated = changes.has_changed().unwrap_or(true);
        match result {
            Ok(()) if outdated => {}
            Ok(()) if all => {
                readiness.set_ready();
                retry = FIRST_RETRY;
                if changes.changed().await.is_err() {
                    return;
                }
            }
            Ok(()) => wait(&mut changes, NOT_FILLED).await,
            Err(error) => {
                tracing::warn!(cause = chain(&error), "no vectors for new stories yet");
                wait(&mut changes, retry).await;
                retry = (retry * 2).min(LAST_RETRY);
            }
        }
    }
}

async fn wait(changes: &mut watch::Receiver<Arc<Snapshot>>, pause: Duration) {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        _ = changes.changed() => {}
    }
}
