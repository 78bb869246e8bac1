//! The middleware that every service wears, in one place and one order.

use std::{convert::Infallible, panic::AssertUnwindSafe};

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::Route,
};
use futures_util::FutureExt;
use tower::{ServiceExt, layer::layer_fn, service_fn};
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
    let routes = routes.fallback(not_found).method_not_allowed_fallback(method_not_allowed);
    // No handler reads more than this, whatever the caller announces.
    known_by_name(routes).layer(DefaultBodyLimit::max(BODY_LIMIT)).into()
}

/// Returns `inner` with the operators' endpoints beside it and the common middleware around both.
pub fn app_around(inner: Next, readiness: Readiness, api: OpenApi) -> Next {
    let operators = Next::from(known_by_name(ops::router(readiness, with_problems(api))));
    let all = Next::choosing(move |request| {
        let is_theirs = ops::PATHS.contains(&request.uri().path());
        if is_theirs { operators.clone() } else { inner.clone() }
    });
    // Panics of middleware; those of routes are caught where it is known which one it was.
    let caught = all.inside(|request, next| caught(async { next.run(request).await }));
    // Outside of both: whoever stopped reading, the refusal reaches the caller.
    drain::drained(caught)
        // Outermost: every answer, also one made above, gets its id, its span, its log line and its measure.
        .inside(observe)
}

/// Which route answered.
#[derive(Clone, Debug)]
pub(crate) enum Known {
    ByRouter(MatchedPath),
    ByName(&'static str),
}

impl Known {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::ByRouter(path) => path.as_str(),
            Self::ByName(name) => name,
        }
    }
}

/// Has what is answered past a router be known as `route`, also when it panicked.
#[must_use]
pub fn known_as(route: &'static str, inner: Next) -> Next {
    inner.inside(move |request, next| answered(Some(Known::ByName(route)), next.run(request)))
}

/// Has routes tell what is outside of them which one it was, also when it panicked.
///
/// Not by axum's `from_fn`, which boxes and copies what is inside of it once more for every request.
fn known_by_name(routes: Router) -> Router {
    routes.layer(layer_fn(|route: Route| {
        service_fn(move |request: Request| named(route.clone(), request))
    }))
}

async fn named(route: Route, request: Request) -> Result<Response, Infallible> {
    let known = request.extensions().get::<MatchedPath>().cloned().map(Known::ByRouter);
    let answering = async {
        match route.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    };
    Ok(answered(known, answering).await)
}

/// Answers, also after a panic, and says by which route.
async fn answered(known: Option<Known>, answering: impl Future<Output = Response>) -> Response {
    let mut response = caught(answering).await;
    if let Some(known) = known {
        response.extensions_mut().insert(known);
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
    use axum::{Router, body::Body, extract::Request, http::StatusCode, routing::get};

    use super::{Known, Next, known_as, routes};

    async fn panics(_: Request) -> StatusCode {
        panic!("on purpose")
    }

    #[tokio::test]
    async fn a_route_that_panics_is_known_by_its_name() {
        let by_router = routes(Router::new().route("/of/{name}", get(panics)));
        let by_name = Next::answering((), |_, request| panics(request));
        for answers in [by_router, known_as("/of/{name}", by_name)] {
            let request = Request::get("/of/x").body(Body::empty()).unwrap();
            let answer = answers.run(request).await;
            assert_eq!(answer.status(), 500);
            assert_eq!(answer.extensions().get::<Known>().unwrap().as_str(), "/of/{name}");
        }
    }
}
