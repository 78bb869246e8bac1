//! The table of routes.

mod insights;
mod search;
mod suggest;

use axum::Router;
use utoipa::openapi::{InfoBuilder, OpenApiBuilder};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

/// Returns the service's routes with the operators' endpoints and the common middleware.
pub fn router(state: AppState) -> Router {
    let info = InfoBuilder::new().title("Search").version(env!("CARGO_PKG_VERSION")).build();
    let readiness = state.readiness.clone();
    let outbox = state.outbox.clone();
    let (routes, api) = OpenApiRouter::with_openapi(OpenApiBuilder::new().info(info).build())
        .routes(routes!(search::keyword))
        .routes(routes!(search::semantic))
        .routes(routes!(search::hybrid))
        .routes(routes!(suggest::suggest))
        .routes(routes!(insights::insights))
        .with_state(state)
        .merge(service_kit::outbox::routes(outbox))
        .split_for_parts();
    service_kit::app(routes, readiness, api)
}
