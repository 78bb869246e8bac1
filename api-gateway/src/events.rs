//! `GET /manifest/events`: open pages hear of a new revision.
//!
//! One channel holds the newest snapshot; a client that is slow misses revisions in between, never the last.
//! Not here: what changed. Pages read the manifest.

use std::{convert::Infallible, time::Duration};

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
/// How long a page waits before it comes back after a broken connection.
const RETRY: Duration = Duration::from_secs(2);

/// Tells the current revision, then each new one.
#[utoipa::path(get, path = "/manifest/events", tag = "manifest", responses(
    (status = 200, content_type = "text/event-stream",
        description = "Event `revision`, its id the revision, its data {revision, released_at}"),
))]
pub(crate) async fn follow(State(state): State<AppState>) -> Response {
    let snapshots = WatchStream::new(state.manifests.watch());
    let mut stopped = state.stopped.clone();
    let events = snapshots
        .filter_map(|snapshot| std::future::ready(snapshot.as_deref().map(event)))
        .map(Ok::<_, Infallible>)
        .take_until(async move { stopped.wait_for(|stopped| *stopped).await.map(drop) });
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (headers, Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT))).into_response()
}

fn event(snapshot: &Snapshot) -> Event {
    let manifest = &snapshot.manifest;
    let (revision, released_at) = (manifest.revision, manifest.released_at.clone());
    let event = Event::default().event(REVISION).id(revision.to_string()).retry(RETRY);
    // A number and a date always serialise.
    event.json_data(RevisionEvent { revision, released_at }).unwrap_or_default()
}
