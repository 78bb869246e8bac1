//! The middleware around everything, in one place and one order.

mod body;
mod client;
mod cross_site;
mod rate;
mod secure;
mod security;
mod target;
mod trace;

use axum::{Router, middleware};
use service_kit::around;

use crate::AppState;

pub use body::BodyLimits;
pub(crate) use client::client_address;
pub(crate) use cross_site::shared;
pub(crate) use security::page_headers;

/// Returns `routes` with what decides whether a request gets to them. Operators' endpoints are not among them,
/// and refusals are named, logged and measured as all answers are.
pub(crate) fn inside(routes: Router, state: &AppState) -> Router {
    // Innermost: a refusal needs no body.
    let routes = around(routes, middleware::from_fn_with_state(state.clone(), body::limited));
    let routes =
        around(routes, middleware::from_fn_with_state(state.clone(), cross_site::same_site));
    let routes = around(routes, middleware::from_fn_with_state(state.clone(), rate::limited));
    // Outermost: the others read host and path.
    around(routes, middleware::from_fn(target::plain))
}

/// Returns `app` with the edge's middleware around it.
pub(crate) fn edge(app: Router, state: AppState) -> Router {
    // Inside this, `service_kit::app` names, logs and measures the request and fills in problems.
    // Outside of that, because it replaces the answer when it fills in a problem.
    let app = around(app, middleware::from_fn(security::everywhere));
    let app = around(app, middleware::from_fn_with_state(state.clone(), secure::over_https));
    // Outside of the log, so that its line shows the span that upstreams see as their parent.
    let app = around(app, middleware::from_fn(trace::continued));
    // Where it comes from is found out first: all that is inside goes by it.
    around(app, middleware::from_fn_with_state(state, client::known))
}
