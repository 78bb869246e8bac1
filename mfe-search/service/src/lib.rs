//! The search service: keyword search, facet counts and suggestions over the stories' feed.
//!
//! Reading order: [`Story`] is what the feed tells, `schema` how it is indexed, [`Index`] keeps the index
//! up to date, `snapshot` is what a search reads; `query` → `matching` → `ranking` → `facets` →
//! `highlight` are the steps of [`search()`].
//!
//! Not here: the stories themselves (their service owns them), search by meaning.

mod config;
mod error;
mod routes;
mod state;

mod analysis;
mod schema;
mod story;
mod vocabulary;

mod index;
mod snapshot;

mod facets;
mod highlight;
mod matching;
mod query;
mod ranking;
mod search;
mod suggest;

use service_kit::{Readiness, follow};

pub use config::Config;
pub use error::{IndexError, SearchError, ServeError};
pub use index::Index;
pub use routes::router;
pub use search::search;
pub use snapshot::{Published, Snapshot};
pub use state::AppState;
pub use story::{Metric, Story};
pub use suggest::suggest;

/// Where the stories service tells its changes, below its base URL.
const FEED: &str = "/api/stories/feed";

/// Runs the service until it is told to stop.
///
/// # Errors
/// The index folder cannot be used at all, or the address cannot be listened on.
pub async fn serve(config: Config) -> Result<(), ServeError> {
    let index = Index::open(&config.data_dir.join("index"))?;
    // An index from an earlier run answers at once, even while the stories service is down.
    let readiness = if index.caught_up() {
        Readiness::ready()
    } else {
        Readiness::waiting("The index is being filled from the stories feed.")
    };
    let state = AppState { published: index.published(), readiness: readiness.clone() };
    let listener = service_kit::bind(config.listen).await?;
    let feed = [config.stories_url.trim_end_matches('/'), FEED].concat();
    let following = tokio::spawn(follow(feed, index, readiness));
    service_kit::serve(listener, router(state)).await?;
    following.abort();
    Ok(())
}
