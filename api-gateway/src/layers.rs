//! The middleware around everything, in one place and one order.

mod security;
mod trace;

use axum::{Router, middleware};

pub(crate) use security::page_headers;

/// Returns `app` with the edge's middleware around it.
pub(crate) fn around(app: Router) -> Router {
    // Inside this, `service_kit::app` names, logs and measures the request and fills in problems.
    app
        // Outside of that, because it replaces the answer when it fills in a problem.
        .layer(middleware::from_fn(security::everywhere))
        // Outermost, so that the log line shows the span that upstreams see as their parent.
        .layer(middleware::from_fn(trace::continued))
}
