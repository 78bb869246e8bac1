//! The table of routes.

mod conversations;
mod export;
mod feedback;
mod generate;
mod history;
mod rerank;
mod starters;
mod stop;
mod visibility;

use axum::{
    Router,
    http::{HeaderValue, header},
    middleware::map_response,
    response::Response,
};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

#[derive(OpenApi)]
#[openapi(info(
    title = "Asterism ask",
    description = "Answers questions about a career, each sentence with the story and the quote that support it.",
))]
struct Api;

/// Returns the service's whole HTTP surface.
pub fn router(state: AppState) -> Router {
    let outbox = state.outbox.clone();
    let readiness = state.readiness.clone();
    let (routes, api) = OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(rerank::rerank))
        .routes(routes!(starters::starters))
        .merge(personal())
        .merge(service_kit::outbox::routes(outbox))
        .split_for_parts();
    service_kit::app(routes.with_state(state), readiness, api)
}

/// What is answered differently to each session.
fn personal() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(generate::generate))
        .routes(routes!(stop::stop))
        .routes(routes!(history::history))
        .routes(routes!(conversations::list))
        .routes(routes!(conversations::rename, conversations::delete))
        .routes(routes!(visibility::change))
        .routes(routes!(export::export))
        .routes(routes!(feedback::feedback))
        .layer(map_response(unshared))
}

/// Keeps an answer out of every cache.
async fn unshared(mut response: Response) -> Response {
    let policy = HeaderValue::from_static("no-store, private");
    response.headers_mut().insert(header::CACHE_CONTROL, policy);
    response
}
