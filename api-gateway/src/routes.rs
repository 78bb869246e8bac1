//! The HTTP surface: the table, nothing else. What most requests are for is beside it (`shortcuts`).

use axum::{
    Router,
    routing::{get, post},
};
use service_kit::Next;
use utoipa::OpenApi;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

use crate::{
    AppState, beacons, counters, events, identity, layers, manifest, registry_api, remotes, schema,
    shell, shortcuts, status,
};

#[derive(OpenApi)]
#[openapi(info(
    title = "Asterism gateway",
    description = "Which remotes are live, and releasing them. Each domain documents its own API.",
))]
struct Api;

/// Returns the gateway's whole HTTP surface.
pub fn router(state: AppState) -> Router {
    app(state).into()
}

/// Returns the same without a router around it.
pub(crate) fn app(state: AppState) -> Next {
    let readiness = state.readiness.clone();
    let (documented, api) = OpenApiRouter::with_openapi(Api::openapi())
        // Hosts, ours and others.
        .routes(routes!(manifest::manifest_json))
        .routes(routes!(manifest::importmap_json))
        .routes(routes!(events::follow))
        .routes(routes!(beacons::take).layer(beacons::size_limit()))
        // People with an account.
        .routes(routes!(identity::routes::sign_in::sign_in))
        .routes(routes!(identity::routes::sign_out::sign_out))
        .routes(routes!(identity::routes::refresh::refresh))
        .routes(routes!(identity::routes::me::me))
        // Teams.
        .routes(routes!(registry_api::publish::publish))
        // Operators.
        .routes(routes!(registry_api::read::remotes))
        .routes(routes!(registry_api::read::versions))
        .routes(routes!(registry_api::read::revisions))
        .routes(routes!(registry_api::read::revision))
        .routes(routes!(registry_api::write::release))
        .routes(routes!(registry_api::write::rollback))
        .routes(routes!(registry_api::write::gc))
        .routes(routes!(registry_api::pools::list, registry_api::pools::switch))
        .routes(routes!(registry_api::read::outcomes))
        .routes(routes!(status::json))
        .split_for_parts();
    let routes = documented
        // Immutable files.
        .route("/remotes/{name}/{version}/{*file}", get(remotes::file))
        .route("/shell/{*file}", get(shell::file))
        .route("/schema/{document}", get(schema::document))
        // People with an account.
        .route("/sign-in", get(identity::page::show).post(identity::page::submit))
        .route("/sign-out", post(identity::page::leave))
        .route("/auth/oidc/start", get(identity::oidc::routes::start::start))
        .route("/auth/oidc/callback", get(identity::oidc::routes::callback::callback))
        // People who want to know how it is.
        .route("/status", get(status::show))
        // People: every other path is a page of the shell.
        .route("/", get(shell::page))
        .route("/{*path}", get(shell::page))
        .with_state(state.clone());
    let routes = shortcuts::beside(service_kit::routes(routes), &state);
    let routes = layers::inside(routes, &state);
    // `follow` sets them all, twice a second.
    service_kit::forget_idle_gauges();
    let app = service_kit::app_around(routes, readiness, api);
    // Not before: it has made what counts.
    counters::begin();
    layers::around(app, state)
}
