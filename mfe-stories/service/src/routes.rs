//! The HTTP surface: the table, nothing else.

mod facets;
mod feed;
mod import;
mod related;
mod stories;

use axum::{Router, middleware::from_fn};
use service_kit::{Readiness, revalidated};
use utoipa::OpenApi;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

use crate::AppState;

#[derive(OpenApi)]
#[openapi(info(
    title = "Stories",
    version = env!("CARGO_PKG_VERSION"),
    description = "Pieces of work, told as situation, task, action and result."
))]
struct Api;

/// Returns the whole service over `state`.
pub fn router(state: AppState) -> Router {
    let outbox = state.outbox();
    let (routes, api) = OpenApiRouter::with_openapi(Api::openapi())
        // For people, through the gateway.
        .routes(routes!(stories::list).layer(from_fn(revalidated)))
        .routes(routes!(facets::facets).layer(from_fn(revalidated)))
        .routes(routes!(related::related).layer(from_fn(revalidated)))
        // For people to read, for editors to write.
        .routes(routes!(stories::one, stories::put, stories::delete))
        .routes(routes!(import::import))
        // For other domains.
        .routes(routes!(feed::feed))
        .with_state(state)
        .merge(service_kit::outbox::routes(outbox))
        .split_for_parts();
    // The store is open before there is a state.
    service_kit::app(routes, Readiness::ready(), api)
}
