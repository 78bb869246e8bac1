//! The HTTP client for the upstreams: plain HTTP/1.1, connections kept and shared by all requests.
//!
//! hyper's own, below reqwest: paths cross as they are, bodies as frames, connections can be upgraded.

use axum::body::Body;
use hyper_util::{
    client::legacy::connect::HttpConnector,
    rt::{TokioExecutor, TokioTimer},
};

use super::Timeouts;

/// The client. Clones share its connections.
pub(crate) type Client = hyper_util::client::legacy::Client<HttpConnector, Body>;

/// Returns a client that gives up connecting after a while.
pub(crate) fn client(timeouts: &Timeouts) -> Client {
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(timeouts.connect));
    connector.set_nodelay(true);
    hyper_util::client::legacy::Client::builder(TokioExecutor::new())
        // Idle connections end after 90 s, which takes a timer.
        .pool_timer(TokioTimer::new())
        .build(connector)
}
