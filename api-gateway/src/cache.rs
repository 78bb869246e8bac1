//! Answers that are kept for the next caller: between the callers and the domains' services, for `GET` and
//! `HEAD` on `/api`, as upstreams allow it (RFC 9111, and RFC 5861 for stale answers).
//!
//! Each decision is pure and in a file of its own: what a request allows (`wish`), what an answer allows and
//! for how long (`control`, `entry`), what it is found by (`key`), what the caller has already
//! (`conditional`). `visit` is their order. `store` keeps, `flight` lets many callers wait for one
//! request, `fetch` is that request, `capture` reads a body for the caller and for the store.
//!
//! **Private answers.** An answer is kept only when it says that it may be shared. One that depends on who
//! asks says `private`, or varies by what tells the upstream who that is (`x-asterism-session`), and is then
//! found by that session alone. Requests with credentials are sent alone, and get only what is `public`.
//! What the gateway adds (cookies, limits, CORS) is added outside of here.
//!
//! Not here: other gateways, each of which keeps its own; guesses at how long an answer without a lifetime
//! may be used; ranges. Nothing outlives the process.

mod capture;
mod conditional;
mod control;
mod entry;
mod fetch;
mod flight;
mod key;
mod limits;
mod status;
mod store;
mod visit;
pub(crate) mod wish;

use std::sync::Arc;

use axum::{
    body::Body,
    http::{HeaderMap, Method},
    response::Response,
};

use crate::rescue::ProxyFailure;
use fetch::Landed;
use flight::Flights;
use status::Outcome;
use store::Store;
use visit::Visit;
use wish::Wish;

pub(crate) use key::Resource;
pub use limits::CacheLimits;

/// The answers that are kept, and the requests that are under way.
#[derive(Debug)]
pub(crate) struct Cache {
    store: Store,
    flights: Flights<Landed>,
    /// Longer ones are not kept.
    body_bytes: usize,
}

/// The way to the upstream, for one request. Clones send it again.
pub(crate) trait Origin: Clone + Send + Sync + 'static {
    /// Sends the request with these headers.
    fn fetch(
        &self,
        headers: &HeaderMap,
    ) -> impl Future<Output = Result<Response<Body>, ProxyFailure>> + Send;
}

impl Cache {
    /// `None` when there is to be none.
    pub(crate) fn new(limits: CacheLimits) -> Option<Arc<Self>> {
        let CacheLimits { enabled, bytes, body_bytes } = limits;
        let cache = || Self { store: Store::new(bytes), flights: Flights::default(), body_bytes };
        enabled.then(cache).map(Arc::new)
    }

    /// Answers a request without a body, by what is kept or by what `origin` fetches.
    pub(crate) async fn answer(
        self: &Arc<Self>,
        resource: Resource,
        method: &Method,
        headers: HeaderMap,
        origin: impl Origin,
    ) -> Result<Response, ProxyFailure> {
        let Some(wish) = Wish::of(method, resource.target.path(), &headers) else {
            let mut response = origin.fetch(&headers).await?;
            if *method == Method::GET || *method == Method::HEAD {
                Outcome::Pass.tell(&resource.domain, response.headers_mut(), None);
            }
            return Ok(response);
        };
        Visit { cache: self, resource, wish, headers, origin }.answer().await
    }

    /// Takes in that a resource was changed (RFC 9111, 4.4).
    pub(crate) fn changed(&self, resource: &Resource) {
        self.store.forget(resource);
    }

    /// Brings the gauge up to date.
    pub(crate) fn show(&self) {
        metrics::gauge!("cache_bytes").set(self.store.bytes() as f64);
    }
}

#[cfg(test)]
mod tests;
