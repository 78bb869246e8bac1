//! The middleware that every service wears, in one place and one order.

use std::panic::AssertUnwindSafe;

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use utoipa::openapi::OpenApi;

use crate::{
    ApiError, Readiness, describe::with_problems, drain, next::Next, observe::observe, ops,
};

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
    let operators =
        ops::router(readiness, with_problems(api)).layer(middleware::from_fn(route_told));
    Next::from(operators.fallback_service(inner))
        // Panics of middleware; those of routes are caught where it is known which one it was.
        .inside(|request, next| caught(async { next.run(request).await }))
        // Outside of both: whoever stopped reading, the refusal reaches the caller.
        .inside(drain::drained)
        // Outermost: every answer, also one made above, gets its id, its span, its log line and its measure.
        .inside(observe)
}

/// Tells what is outside of the routes which one it was, also when it panicked.
async fn route_told(
    route: Option<MatchedPath>,
    request: Request,
    next: middleware::Next,
) -> Response {
    let mut response = caught(next.run(request)).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// A panic costs one answer, not the connection.
async fn caught(answering: impl Future<Output = Response>) -> Response {
    match AssertUnwindSafe(answering).catch_unwind().await {
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

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        body::Body,
        extract::{MatchedPath, Request},
        routing::get,
    };

    #[tokio::test]
    async fn a_route_that_panics_is_known_by_its_name() {
        let panics = || async {
            if true {
                panic!("on purpose")
            }
        };
        let routes = super::routes(Router::new().route("/of/{name}", get(panics)));
        let request = Request::get("/of/x").body(Body::empty()).unwrap();
        let answer = routes.run(request).await;
        assert_eq!(answer.status(), 500);
        assert_eq!(answer.extensions().get::<MatchedPath>().unwrap().as_str(), "/of/{name}");
    }
}
