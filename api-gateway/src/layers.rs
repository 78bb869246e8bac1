//! The middleware around everything, in one place and one order.

mod body;
pub(crate) mod client;
mod cross_site;
mod rate;
mod secure;
mod security;
pub(crate) mod target;

use service_kit::Next;

use crate::AppState;

pub use body::BodyLimits;
pub(crate) use client::client_address;
pub(crate) use security::page_headers;

/// Returns `routes` with what decides whether a request gets to them. Operators' endpoints are not among them,
/// and refusals are named, logged and measured as all answers are.
pub(crate) fn inside(routes: Next, state: &AppState) -> Next {
    routes
        // Innermost: a refusal needs no body.
        .inside_with(state.clone(), body::limited)
        .inside_with(state.clone(), cross_site::same_site)
        .inside_with(state.clone(), rate::limited)
        // Outside of all that refuses, so that pages of listed origins can read why.
        .inside_with(state.clone(), cross_site::shared)
        // Outermost: the others read host and path.
        .inside(target::plain)
}

/// Returns `app` with the edge's middleware around it.
pub(crate) fn around(app: Next, state: AppState) -> Next {
    // Inside this, `service_kit::app_around` names, traces, logs and measures the request and fills in problems.
    app
        // Outside of that, because it replaces the answer when it fills in a problem.
        .inside(security::everywhere)
        .inside_with(state.clone(), secure::over_https)
        // Where it comes from is found out first: all that is inside goes by it.
        .inside_with(state, client::known)
}
