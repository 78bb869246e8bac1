//! What is live: kept in memory as it goes over the wire, looked up twice a second.
//!
//! Not here: telling open pages of a new one (`events`).

use std::{error::Error, sync::Arc};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use contract::{ImportMap, Manifest};
use registry::Registry;
use service_kit::{ApiError, if_none_match};
use tokio::sync::watch;

use crate::{AppState, assets::REVALIDATE};

/// One revision in every form that is served.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) manifest: Manifest,
    /// The revision in quotes, ready to be sent: most requests for a manifest are answered with it alone.
    etag: HeaderValue,
    manifest_json: Bytes,
    importmap_json: Bytes,
}

/// The newest revision that could be read.
#[derive(Debug)]
pub(crate) struct Manifests {
    registry: Registry,
    current: watch::Sender<Option<Arc<Snapshot>>>,
    /// One refresh at a time, so that a slow one never puts an older revision over a newer.
    refreshing: tokio::sync::Mutex<()>,
}

impl Manifests {
    pub(crate) fn new(registry: Registry) -> Self {
        let current = watch::Sender::new(None);
        Self { registry, current, refreshing: tokio::sync::Mutex::default() }
    }

    /// Returns the newest snapshot, `None` while nothing could be read.
    pub(crate) fn current(&self) -> Option<Arc<Snapshot>> {
        self.current.borrow().clone()
    }

    /// Returns what holds the newest snapshot, now and later.
    pub(crate) fn watch(&self) -> watch::Receiver<Option<Arc<Snapshot>>> {
        self.current.subscribe()
    }

    fn required(&self) -> Result<Arc<Snapshot>, ApiError> {
        self.current().ok_or_else(|| {
            let detail = "The registry cannot be read yet. Try again in a moment.";
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "registry-unavailable", detail)
        })
    }

    /// Takes over a new revision, if there is one. The last good one stays when reading fails.
    pub(crate) async fn refresh(&self) {
        let _refreshing = self.refreshing.lock().await;
        match self.read().await {
            Ok(Some(snapshot)) => {
                tracing::info!(manifest.revision = snapshot.manifest.revision, "manifest read");
                self.current.send_replace(Some(Arc::new(snapshot)));
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(cause = service_kit::chain(&*error), "cannot read the registry");
            }
        }
    }

    async fn read(&self) -> Result<Option<Snapshot>, Box<dyn std::error::Error + Send + Sync>> {
        let revision = self.registry.current_revision().await?;
        if self.current().is_some_and(|known| known.manifest.revision == revision) {
            return Ok(None);
        }
        let manifest = self.registry.manifest().await?;
        let manifest_json = serde_json::to_vec(&manifest)?.into();
        let importmap_json = serde_json::to_vec(&ImportMap::from(&manifest))?.into();
        let etag = HeaderValue::try_from(format!("\"{}\"", manifest.revision))?;
        Ok(Some(Snapshot { manifest, etag, manifest_json, importmap_json }))
    }
}

/// Which version of which remote is live.
#[utoipa::path(get, path = "/manifest.json", tag = "manifest", responses(
    (status = 200, description = "The manifest, see /schema/manifest.json. Its ETag is the revision."),
    (status = 304, description = "`If-None-Match` names the current revision"),
))]
pub(crate) async fn manifest_json(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let snapshot = state.manifests.required()?;
    Ok(answer(&snapshot, &snapshot.manifest_json, &headers))
}

/// The same truth as a standard import map with integrity, for JavaScript hosts.
#[utoipa::path(get, path = "/importmap.json", tag = "manifest", responses(
    (status = 200, description = "An import map. Its ETag is the revision."),
    (status = 304, description = "`If-None-Match` names the current revision"),
))]
pub(crate) async fn importmap_json(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let snapshot = state.manifests.required()?;
    Ok(answer(&snapshot, &snapshot.importmap_json, &headers))
}

fn answer(snapshot: &Snapshot, body: &Bytes, request: &HeaderMap) -> Response {
    let common = [
        (header::ETAG, snapshot.etag.clone()),
        (header::CACHE_CONTROL, REVALIDATE),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("etag")),
    ];
    let known = request.get_all(header::IF_NONE_MATCH);
    if snapshot.etag.to_str().is_ok_and(|etag| if_none_match(known, etag)) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    // Also the import map: browsers and tools know no better type for one that is fetched.
    let content_type = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (common, content_type, body.clone()).into_response()
}

/// Returns the answer to a caller when the registry failed on a read.
pub(crate) fn unreadable(error: impl Error + Send + Sync + 'static) -> ApiError {
    let detail = "The registry cannot be read at the moment. Try again.";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "registry-unavailable", detail).caused_by(error)
}
