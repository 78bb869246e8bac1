//! The HTTP surface: the table, nothing else.

mod categories;
mod industries;

use axum::{Router, middleware::from_fn};
use service_kit::revalidated;
use utoipa::OpenApi;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

use crate::AppState;

#[derive(OpenApi)]
#[openapi(info(
    title = "Industries",
    version = env!("CARGO_PKG_VERSION"),
    description = "Which industries the work was for, and what was done in each."
))]
struct Api;

/// Returns the whole service over `state`.
pub fn router(state: AppState) -> Router {
    let readiness = state.readiness().clone();
    let (routes, api) = OpenApiRouter::with_openapi(Api::openapi())
        // For people, through the gateway.
        .routes(routes!(industries::list).layer(from_fn(revalidated)))
        .routes(routes!(industries::one).layer(from_fn(revalidated)))
        .routes(routes!(categories::all).layer(from_fn(revalidated)))
        .routes(routes!(categories::one).layer(from_fn(revalidated)))
        .with_state(state)
        .split_for_parts();
    service_kit::app(routes, readiness, api)
}
