//! `GET /manifest/events`: open pages hear of a new revision.
//!
//! One channel holds the newest snapshot; a client that is slow misses revisions in between, never the last.
//! Not here: what changed. Pages read the manifest.

use std::{convert::Infallible, ops::Range, time::Duration};

use axum::{
    extract::State,
    http::header,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use contract::{REVISION, RevisionEvent};
use futures_util::StreamExt;
use tokio_stream::wrappers::WatchStream;

use crate::{AppState, manifest::Snapshot};

/// Between two signs of life: proxies close what is silent for a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a page waits before it comes back after a broken connection, in milliseconds: each another time,
/// so that a gateway which restarts is not met by all pages at once.
const RETRY: Range<u64> = 1_500..3_500;

/// Tells the current revision, then each new one.
#[utoipa::path(get, path = "/manifest/events", tag = "manifest", responses(
    (status = 200, content_type = "text/event-stream",
        description = "Event `revision`, its id the revision, its data {revision, released_at}"),
))]
pub(crate) async fn follow(State(state): State<AppState>) -> Response {
    let retry = retry();
    let snapshots = WatchStream::new(state.manifests.watch());
    let mut stopped = state.stopped.clone();
    let events = snapshots
        .filter_map(move |snapshot| {
            std::future::ready(snapshot.as_deref().map(|snapshot| event(snapshot, retry)))
        })
        .map(Ok::<_, Infallible>)
        .take_until(async move { stopped.wait_for(|stopped| *stopped).await.map(drop) });
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (headers, Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT))).into_response()
}

/// Without randomness all wait the shortest time, which is no reason to tell them nothing.
fn retry() -> Duration {
    let mut random = [0; 2];
    getrandom::fill(&mut random).ok();
    let Range { start, end } = RETRY;
    Duration::from_millis(start + u64::from(u16::from_le_bytes(random)) % (end - start))
}

fn event(snapshot: &Snapshot, retry: Duration) -> Event {
    let manifest = &snapshot.manifest;
    let (revision, released_at) = (manifest.revision, manifest.released_at.clone());
    let event = Event::default().event(REVISION).id(revision.to_string()).retry(retry);
    // A number and a date always serialise.
    event.json_data(RevisionEvent { revision, released_at }).unwrap_or_default()
}
