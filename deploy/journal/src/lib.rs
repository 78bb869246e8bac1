//! One journal of what all services of a site tell: the embedded consumer of their outboxes.
//!
//! * [`Source`] is where events come from: `source::outbox` reads a service over HTTP, `source::releases` makes
//!   events of the registry's history, which is an outbox of its own.
//! * [`Sink`] is where they go: [`Journal`] is one table in SQLite.
//! * [`follow()`] brings them from one to the other, for ever.
//!
//! Sources tell an event at least once. The journal knows it by source, log and number, and keeps the cursor in
//! the transaction that writes the events: so each stands there once, whoever is killed when.
//!
//! Not here: what is made of events (the tool shows them; search counts its own), and any word of a domain: a
//! kind is a text.

mod config;
mod follow;
mod journal;
mod sink;
mod source;

pub use config::{BadSources, Config, Sources};
pub use follow::follow;
pub use journal::{Aside, Entry, FILE, Journal, JournalError, Lag, Selection};
pub use sink::{Applied, Sink};
pub use source::{Batch, Delivered, Reading, Source, SourceError, outbox, releases};

use std::time::Duration;

use service_kit::{Readiness, chain};
use time::OffsetDateTime;
use utoipa::openapi::{InfoBuilder, OpenApiBuilder};

/// How often old events are removed.
const PRUNE: Duration = Duration::from_secs(3600);

/// A journal that could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Its file cannot be used.
    #[error("cannot open the journal")]
    Journal(#[from] JournalError),
    /// The key cannot be sent.
    #[error("ASTERISM_EDGE_KEY has characters that no header can have")]
    Key(#[source] axum::http::header::InvalidHeaderValue),
    /// The server could not start or go on.
    #[error("cannot serve")]
    Http(#[from] service_kit::ServeError),
}

/// Follows all sources until told to stop. Over HTTP it has the operators' endpoints and nothing else.
///
/// # Errors
/// The file cannot be used, or the address is taken.
pub async fn serve(config: Config) -> Result<(), ServeError> {
    let Config { listen, data_dir, edge_key, sources, gateway, kept_days } = config;
    let journal = Journal::open(&data_dir)?;
    let key = edge_key.header().map_err(ServeError::Key)?;
    let listener = service_kit::bind(listen).await?;
    let mut following = Vec::new();
    for (name, base) in sources.0 {
        let source = outbox::Service::new(name, &base, key.clone());
        following.push(tokio::spawn(follow(source, journal.clone())));
    }
    if let Some(gateway) = gateway {
        following.push(tokio::spawn(follow(releases::Releases::new(&gateway), journal.clone())));
    }
    following.push(tokio::spawn(prune(journal, kept_days)));
    let info = InfoBuilder::new().title("Journal").version(env!("CARGO_PKG_VERSION")).build();
    let api = OpenApiBuilder::new().info(info).build();
    // The file is open, and a source that does not answer is no reason to wait for it.
    let app = service_kit::app(axum::Router::new(), Readiness::ready(), api);
    let served = service_kit::serve(listener, app).await;
    following.iter().for_each(tokio::task::JoinHandle::abort);
    Ok(served?)
}

async fn prune(journal: Journal, kept_days: u32) {
    loop {
        let before = OffsetDateTime::now_utc() - time::Duration::days(kept_days.into());
        match journal.prune(before.unix_timestamp()) {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "old events are removed"),
            Err(error) => tracing::warn!(cause = chain(&error), "old events are not removed"),
        }
        tokio::time::sleep(PRUNE).await;
    }
}
