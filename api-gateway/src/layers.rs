//! The middleware around everything, in one place and one order.

mod client;
mod secure;
mod security;
mod trace;

use axum::{Router, middleware};

use crate::AppState;

pub(crate) use security::page_headers;

/// Returns `app` with the edge's middleware around it.
pub(crate) fn around(app: Router, state: AppState) -> Router {
    // Inside this, `service_kit::app` names, logs and measures the request and fills in problems.
    app
        // Outside of that, because it replaces the answer when it fills in a problem.
        .layer(middleware::from_fn(security::everywhere))
        .layer(middleware::from_fn_with_state(state.clone(), secure::over_https))
        // Outside of the log, so that its line shows the span that upstreams see as their parent.
        .layer(middleware::from_fn(trace::continued))
        // Where it comes from is found out first: all that is inside goes by it.
        .layer(middleware::from_fn_with_state(state, client::known))
}
