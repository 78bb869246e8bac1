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
    // A refusal needs no body, so bodies are innermost.
    let (same_site, bodies) = (cross_site::SameSite(state.clone()), body::Bounded(state.clone()));
    let refusing = routes.within((rate::Limited(state.clone()), (same_site, bodies)));
    // Outside of all that refuses, so that pages of listed origins can read why.
    let shared = cross_site::shared(refusing, state);
    // Outermost: the others read host and path.
    shared.within(target::Plain)
}

/// Returns `app` with the edge's middleware around it.
pub(crate) fn around(app: Next, state: AppState) -> Next {
    // Where it comes from is found out first: all that is inside goes by it.
    let (known, https) = (client::Known(state.clone()), secure::OverHttps(state));
    // Inside this, `service_kit::app_around` names, traces, logs and measures the request and fills in problems;
    // it replaces the answer then, so these headers are added outside of that.
    app.within((known, (https, security::Everywhere)))
}
