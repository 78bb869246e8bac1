//! The table of routes.

mod generate;
mod starters;

use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

#[derive(OpenApi)]
#[openapi(info(
    title = "Asterism ask",
    description = "Answers questions by quoting stories, with marks that say which.",
))]
struct Api;

/// Returns the service's whole HTTP surface.
pub fn router(state: AppState) -> Router {
    let readiness = state.readiness.clone();
    let (routes, api) = OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(generate::generate))
        .routes(routes!(starters::starters))
        .split_for_parts();
    service_kit::app(routes.with_state(state), readiness, api)
}
