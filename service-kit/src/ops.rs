//! The operators' endpoints, the same on every service.
//!
//! * `GET /healthz`: 200 while the process answers at all.
//! * `GET /readyz`: 200 once it can do its work, else 503 with what it waits for.
//! * `GET /metrics`: Prometheus text.
//! * `GET /openapi.json`: the API.

use std::{sync::OnceLock, time::Duration};

use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use utoipa::openapi::OpenApi;

use crate::{ApiError, Readiness, meters};

/// Where they are.
pub(crate) const PATHS: [&str; 4] = [HEALTH, READY, METRICS, "/openapi.json"];
/// Asked every second or so by machines, who keep what they learn.
pub(crate) const QUIET: [&str; 3] = [HEALTH, READY, METRICS];
const HEALTH: &str = "/healthz";
const READY: &str = "/readyz";
const METRICS: &str = "/metrics";

/// Between two times of summing up.
const KEEP_UP: Duration = Duration::from_secs(5);

/// Returns the process-wide metrics, installing their recorder at the first call.
fn prometheus() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let recorder = meters::recorder().unwrap_or_else(|error| {
            tracing::error!(%error, "durations are measured without buckets");
            PrometheusBuilder::new().build_recorder()
        });
        let handle = recorder.handle();
        keep_up(handle.clone());
        // Another recorder can only be there when an embedding program installed its own: keep it.
        metrics::set_global_recorder(recorder).ok();
        handle
    })
}

/// Sums up what was measured, every few seconds: until then each measurement takes room, and a service that
/// nobody scrapes would grow for ever.
#[expect(
    clippy::disallowed_methods,
    reason = "a thread of its own, which has nothing else to wait for"
)]
fn keep_up(handle: PrometheusHandle) {
    let forever = move || {
        loop {
            std::thread::sleep(KEEP_UP);
            handle.run_upkeep();
        }
    };
    let started = std::thread::Builder::new().name("metrics".to_owned()).spawn(forever);
    if let Err(error) = started {
        tracing::warn!(%error, "metrics are summed up only when they are read");
    }
}

pub(crate) fn router(readiness: Readiness, api: OpenApi) -> Router {
    let handle = prometheus();
    let [health, ready, metrics, description] = PATHS;
    Router::new()
        .route(health, get(|| async { "ok\n" }))
        .route(ready, get(async move || readyz(&readiness)))
        .route(metrics, get(async || render(handle)))
        .route(description, get(async move || axum::Json(api)))
}

fn render(handle: &PrometheusHandle) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render())
}

fn readyz(readiness: &Readiness) -> Result<&'static str, ApiError> {
    match readiness.waiting_for() {
        None => Ok("ready\n"),
        Some(reason) => Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", reason)),
    }
}
