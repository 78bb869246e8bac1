//! The operators' endpoints, the same on every service.
//!
//! * `GET /healthz`: 200 while the process answers at all.
//! * `GET /readyz`: 200 once it can do its work, else 503 with what it waits for.
//! * `GET /metrics`: Prometheus text.
//! * `GET /openapi.json`: the API.

use std::sync::OnceLock;

use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use utoipa::openapi::OpenApi;

use crate::{ApiError, Readiness};

/// Returns the process-wide metrics, installing their recorder at the first call.
fn prometheus() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        // Another recorder can only be there when an embedding program installed its own: keep it.
        metrics::set_global_recorder(recorder).ok();
        handle
    })
}

pub(crate) fn router(readiness: Readiness, api: OpenApi) -> Router {
    let handle = prometheus();
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(async move || readyz(&readiness)))
        .route("/metrics", get(async || render(handle)))
        .route("/openapi.json", get(async move || axum::Json(api)))
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
