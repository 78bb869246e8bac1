//! A service whose copies are one pointer each.
//!
//! Axum copies a route for every request, and each layer that `from_fn` makes copies what is inside of it
//! again: with n layers, n² boxes are made and dropped for one request. With [`SharedLayer`] outside of each
//! layer a copy ends there. Measured on the gateway with 14 layers: docs/performance.md.

use std::{
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{Router, extract::Request, response::IntoResponse, routing::Route};
use tower::{Layer, Service, ServiceBuilder, ServiceExt, util::Oneshot};

/// Makes [`Shared`] services.
#[derive(Clone, Copy, Debug)]
pub struct SharedLayer;

/// A service that is copied when it is called, and not before.
#[derive(Debug)]
pub struct Shared<S>(Arc<S>);

impl<S> Layer<S> for SharedLayer {
    type Service = Shared<S>;

    fn layer(&self, inner: S) -> Shared<S> {
        Shared(Arc::new(inner))
    }
}

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R, S: Service<R> + Clone> Service<R> for Shared<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = Oneshot<S, R>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        // The copy that is called is waited for.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: R) -> Self::Future {
        S::clone(&self.0).oneshot(request)
    }
}

/// Puts a layer around routes so that copies of a route do not copy what is inside of the layer.
pub fn around<L>(routes: Router, layer: L) -> Router
where
    L: Layer<Route> + Clone + Send + Sync + 'static,
    L::Service: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    <L::Service as Service<Request>>::Response: IntoResponse + 'static,
    <L::Service as Service<Request>>::Future: Send + 'static,
{
    routes.layer(ServiceBuilder::new().layer(SharedLayer).layer(layer))
}
