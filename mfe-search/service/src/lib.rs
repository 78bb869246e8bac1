//! The search service: search by words, by meaning and by both, facet counts and suggestions over the
//! stories' feed.
//!
//! Reading order: [`Story`] is what the feed tells, `schema` how it is indexed, [`Index`] keeps the index
//! up to date, `snapshot` is what a search reads; `reading` → `query` → `matching` → `ranking`, beside it
//! [`Meaning`], then `fusion` → `confidence` → `facets` → `highlight` are the steps of [`search()`]. Around
//! it stand `cache`, `events` and `insights`.
//!
//! Not here: the stories themselves (their service owns them), how a model comes to the machine.

mod config;
mod error;
mod routes;
mod state;

mod analysis;
mod schema;
mod story;
mod synonyms;
mod vocabulary;

mod index;
mod meaning;
mod postings;
mod snapshot;

mod confidence;
mod facets;
mod fusion;
mod highlight;
mod matching;
mod query;
mod ranking;
mod reading;
mod search;
mod suggest;

mod cache;
mod events;
mod insights;

use std::{path::Path, sync::Arc, time::Duration};

use service_kit::{Readiness, chain, follow, outbox::Outbox};
use tokio::runtime::Handle;

pub use config::{Config, Model};
pub use error::{IndexError, SearchError, ServeError};
pub use events::Events;
pub use index::Index;
pub use meaning::{EmbedError, Embedder, Meaning, MiniLm, Provider, Vectors};
pub use routes::router;
pub use search::search;
pub use snapshot::{Published, Snapshot};
pub use state::AppState;
pub use story::{Metric, Story};
pub use suggest::suggest;

/// Where the stories service tells its changes, below its base URL.
const FEED: &str = "/api/stories/feed";
/// How long operators are told to wait for the first vectors at most: search by words needs none.
const FIRST_VECTORS: Duration = Duration::from_secs(120);

/// Runs the service until it is told to stop.
///
/// # Errors
/// The index folder or the outbox cannot be used at all, or the address cannot be listened on.
pub async fn serve(config: Config) -> Result<(), ServeError> {
    let index = Index::open(&config.data_dir.join("index"))?;
    // An index from an earlier run answers at once, even while the stories service is down.
    let filled = if index.caught_up() {
        Readiness::ready()
    } else {
        Readiness::waiting("The index is being filled from the stories feed.")
    };
    let file = config.data_dir.join("events.sqlite");
    let (events, writing) = Events::open(&file)?;
    let writing = tokio::spawn(writing);
    let mut state = AppState::new(index.published(), filled.clone());
    state.events = Some(events);
    state.outbox = Some(Outbox::open(&file, config.edge_key)?);
    state.events_file = Some(file);
    state.analyst_key = config.analyst_key;
    let mut background = Vec::new();
    if let Some(meaning) = load(config.model).await {
        state.readiness = Readiness::waiting("The stories' vectors are being made.");
        state.meaning = Some(Arc::clone(&meaning));
        let vectors = vectors(&config.vectors, &meaning);
        let (published, ready) = (state.published.clone(), state.readiness.clone());
        background.push(tokio::spawn(meaning::keep_up(
            meaning,
            published,
            vectors,
            filled.clone(),
            ready.clone(),
        )));
        background.push(tokio::spawn(ready_at_last(filled.clone(), ready)));
    }
    let listener = service_kit::bind(config.listen).await?;
    let feed = [config.stories_url.trim_end_matches('/'), FEED].concat();
    background.push(tokio::spawn(follow(feed, index, filled)));
    service_kit::serve(listener, router(state)).await?;
    background.iter().for_each(tokio::task::JoinHandle::abort);
    // The last state is gone with the router, so this ends with what was told.
    writing.await.ok();
    Ok(())
}

/// Loads the model. Without it search by words works, so a failure is told and not fatal.
async fn load(model: Option<Model>) -> Option<Arc<Meaning>> {
    let model = model?;
    let runtime = Handle::current();
    let loading = tokio::task::spawn_blocking(move || -> Result<Arc<dyn Embedder>, EmbedError> {
        Ok(match model {
            Model::Local(folder) => Arc::new(MiniLm::load(&folder)?),
            Model::Provider { url, key, model } => {
                Arc::new(Provider::connect(runtime, &url, key, &model)?)
            }
        })
    });
    match loading.await {
        Ok(Ok(embedder)) => Some(Meaning::new(embedder)),
        Ok(Err(error)) => {
            tracing::warn!(cause = chain(&error), "search by meaning is off");
            None
        }
        Err(error) => {
            tracing::error!(cause = chain(&error), "search by meaning is off");
            None
        }
    }
}

/// Opens the cache of vectors, which only saves time.
fn vectors(file: &Path, meaning: &Meaning) -> Option<Vectors> {
    let embedder = meaning.embedder();
    Vectors::open(file, embedder.id(), embedder.dimensions())
        .inspect_err(|error| {
            tracing::warn!(cause = chain(error), "vectors will be made again at every start");
        })
        .ok()
}

/// Becomes ready without all vectors when they take too long.
async fn ready_at_last(filled: Readiness, readiness: Readiness) {
    tokio::time::sleep(FIRST_VECTORS).await;
    while filled.waiting_for().is_some() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    readiness.set_ready();
}
