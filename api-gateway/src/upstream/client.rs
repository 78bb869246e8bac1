//! The HTTP client for the upstreams: plain HTTP/1.1, connections kept and shared by all requests.
//!
//! hyper's own, below reqwest: paths cross as they are, bodies as frames, connections can be upgraded.

use axum::body::Body;
use http::Request;
use hyper_util::{
    client::legacy::{ResponseFuture, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};

use super::Timeouts;
use crate::server::workers;

/// One client.
type One = hyper_util::client::legacy::Client<HttpConnector, Body>;

/// The client: each worker has connections of its own, so that a request and its connection are on one thread.
#[derive(Debug)]
pub(crate) struct Client {
    by_worker: Vec<One>,
    /// That of all other threads.
    others: One,
}

impl Client {
    /// Returns a client for so many workers, which gives up connecting after a while.
    pub(crate) fn new(timeouts: &Timeouts, workers: usize) -> Self {
        Self { by_worker: (0..workers).map(|_| one(timeouts)).collect(), others: one(timeouts) }
    }

    /// Sends a request.
    ///
    /// # Errors
    /// No head of an answer came.
    pub(crate) fn request(&self, request: Request<Body>) -> ResponseFuture {
        let own = workers::number().checked_sub(1).and_then(|n| self.by_worker.get(n));
        own.unwrap_or(&self.others).request(request)
    }
}

fn one(timeouts: &Timeouts) -> One {
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(timeouts.connect));
    connector.set_nodelay(true);
    hyper_util::client::legacy::Client::builder(TokioExecutor::new())
        // Idle connections end after 90 s, which takes a timer.
        .pool_timer(TokioTimer::new())
        .build(connector)
}
