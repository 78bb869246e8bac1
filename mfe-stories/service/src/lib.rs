//! The stories service: owns the stories, and tells other domains of every change.
//!
//! * `routes` is the HTTP surface, one file per resource.
//! * `listing`, `related`, `condition`, `cursor` are the domain: pure, knowing neither HTTP nor SQL.
//! * `import` takes many stories at once, in bounded memory.
//! * `store` keeps the stories in SQLite.
//! * `events` is what the outbox is told.
//!
//! Whether a story is in order is in the api crate (`mfe_stories_api::problems`), shared with the tool.
//!
//! Not here: ranking by words (search) and anything about industries. They follow the feed.

mod condition;
mod config;
mod cursor;
mod editor;
mod error;
mod events;
mod import;
mod listing;
mod near;
mod related;
mod routes;
mod state;
mod store;

pub use config::Config;
pub use routes::router;
pub use service_kit::BearerKey;
pub use state::AppState;
pub use store::{Store, StoreError, demo_stories};

use service_kit::outbox::Outbox;

/// A service that could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The data folder cannot be made.
    #[error("cannot make the data folder {}", path.display())]
    DataDir {
        /// The folder.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store cannot be opened.
    #[error("cannot open the stories store")]
    Store(#[from] StoreError),
    /// The server could not start or go on.
    #[error("cannot serve")]
    Http(#[from] service_kit::ServeError),
}

/// Opens the store, filling a new one with the demo stories, and serves until told to stop.
///
/// # Errors
/// The data folder or the store is unusable, or the address is taken.
pub async fn serve(config: Config) -> Result<(), ServeError> {
    let Config { listen, data_dir, editor_key, edge_key } = config;
    std::fs::create_dir_all(&data_dir)
        .map_err(|source| ServeError::DataDir { path: data_dir.clone(), source })?;
    let file = data_dir.join("stories.db");
    let store = Store::open(&file, &demo_stories()?)?;
    let (queue, writing) = store.queue();
    let writing = tokio::spawn(writing);
    let outbox = Outbox::open(&file, edge_key).map_err(StoreError::from)?;
    let state = AppState::new(store, editor_key).telling(queue, outbox);
    let listener = service_kit::bind(listen).await?;
    let on_stop = {
        let state = state.clone();
        move || state.close()
    };
    service_kit::serve_until_stopped(listener, router(state), on_stop).await?;
    // The last state is gone with the router, so this ends with what was told.
    writing.await.ok();
    Ok(())
}
