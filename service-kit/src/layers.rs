//! The middleware that every service wears, in one place and one order.

use std::{panic::AssertUnwindSafe, time::Instant};

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use utoipa::openapi::OpenApi;

use crate::{ApiError, Readiness, chain, drain, meters, next::Next, ops};

/// Header that carries the request's id from the edge to every log line.
pub const REQUEST_ID: &str = "x-request-id";

/// Header that carries the id of the caller's session from the edge to the services. The gateway sets it,
/// whatever a client sends; who reaches a service past the gateway can set it at will.
pub const SESSION: &str = "x-asterism-session";

/// Largest request body in bytes, unless a route says otherwise.
const BODY_LIMIT: usize = 1024 * 1024;

/// Returns `routes` with the operators' endpoints and the common middleware around them.
pub fn app(inner: Router, readiness: Readiness, api: OpenApi) -> Router {
    app_around(routes(inner), readiness, api).into()
}

/// Returns what answers by `routes`, and by a problem where there is none.
pub fn routes(routes: Router) -> Next {
    let routes = routes
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(route_told))
        // No handler reads more than this, whatever the caller announces.
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    routes.into()
}

/// Returns `inner` with the operators' endpoints beside it and the common middleware around both.
pub fn app_around(inner: Next, readiness: Readiness, api: OpenApi) -> Next {
    let operators = ops::router(readiness, api).layer(middleware::from_fn(route_told));
    Next::from(operators.fallback_service(inner))
        // A panic costs one answer, not the connection.
        .inside(caught)
        // Outside of both: whoever stopped reading, the refusal reaches the caller.
        .inside(drain::drained)
        // Outermost: every answer, also one made above, gets its id, its log line and its measure.
        .inside(observe)
}

/// Tells what is outside of the routes which one it was.
async fn route_told(
    route: Option<MatchedPath>,
    request: Request,
    next: middleware::Next,
) -> Response {
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

async fn caught(request: Request, next: Next) -> Response {
    let answering = AssertUnwindSafe(async { next.run(request).await });
    match answering.catch_unwind().await {
        Ok(response) => response,
        Err(payload) => panicked(&*payload),
    }
}

async fn not_found() -> ApiError {
    ApiError::not_found("no-such-path", "There is nothing at this path.")
}

async fn method_not_allowed() -> ApiError {
    let detail = "This path does not take this method; `Allow` lists those that it takes.";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
}

fn panicked(payload: &(dyn std::any::Any + Send)) -> Response {
    let message = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("panic without a message");
    ApiError::internal(["panicked: ", message].concat()).into_response()
}

/// Names the request, then logs and measures its answer; fills the id into a problem.
async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| (1..=100).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic()))
        .map_or_else(|| uuid::Uuid::new_v4().to_string(), ToOwned::to_owned);
    let named = HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("invalid"));
    request.headers_mut().insert(REQUEST_ID, named.clone());
    let method = request.method().clone();
    let traceparent = request
        .headers()
        .get("traceparent")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();

    let mut response = next.run(request).await;

    let route = response.extensions_mut().remove::<MatchedPath>();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let error = response.extensions_mut().remove::<ApiError>();
    let cause = error.as_ref().and_then(|e| e.source.as_deref()).map(|e| chain(e));
    if let Some(error) = error {
        // Only the body names the request: what the layers in between put into the head stays.
        *response.body_mut() = error.body(&id);
        // That of the body that is gone.
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response.headers_mut().insert(REQUEST_ID, named);

    let status = response.status();
    let elapsed = started.elapsed();
    meters::answered(&method, route, status, elapsed);

    let duration_ms = elapsed.as_secs_f64() * 1000.0;
    let status = status.as_u16();
    if let Some(cause) = cause.filter(|_| status >= 500) {
        tracing::error!(request_id = %id, %traceparent, %method, route, status, duration_ms, cause, "request failed");
    } else if matches!(route, "/healthz" | "/readyz" | "/metrics") {
        // Asked every second or so by machines, who keep what they learn.
        tracing::debug!(request_id = %id, %traceparent, %method, route, status, duration_ms, "request");
    } else if status >= 500 {
        // Without a cause it is a state that we know of (not ready yet, upstream down), not a fault.
        tracing::warn!(request_id = %id, %traceparent, %method, route, status, duration_ms, "request refused");
    } else {
        tracing::info!(request_id = %id, %traceparent, %method, route, status, duration_ms, "request");
    }
    response
}
