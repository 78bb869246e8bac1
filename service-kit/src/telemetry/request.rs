//! What names the request that is worked on: each log line that is written meanwhile has it.
//!
//! It belongs to the task and not to a span. A span is made, entered, left and closed in a registry, which for a
//! request that waits twice takes longer than its line does. So there is one for whoever exports it or shows it
//! (`telemetry`), and where there is, it says the same.
//!
//! Not here: spans of our own making inside a request; their fields are a line's as well (`lines`).

use std::sync::Arc;

use axum::http::HeaderValue;
use tracing::Instrument;

use crate::trace::Written;

tokio::task_local! {
    static IDS: Arc<Ids>;
}

/// The names of a request.
#[derive(Debug)]
pub(crate) struct Ids {
    request: HeaderValue,
    trace: Written,
}

impl Ids {
    pub(crate) fn new(request: HeaderValue, trace: Written) -> Arc<Self> {
        Arc::new(Self { request, trace })
    }

    pub(super) fn request_id(&self) -> &str {
        self.request.to_str().unwrap_or_default()
    }

    pub(super) fn trace_id(&self) -> &str {
        self.trace.trace_id()
    }
}

/// Has `work` be the request's.
pub(crate) fn within<F: Future>(ids: Arc<Ids>, work: F) -> impl Future<Output = F::Output> {
    IDS.scope(ids, work)
}

/// Has what `work` says be the request's.
pub(crate) fn saying<T>(ids: Arc<Ids>, work: impl FnOnce() -> T) -> T {
    IDS.sync_scope(ids, work)
}

/// Returns `work` as a part of the request that is worked on now, wherever it is done: what it logs has that one's
/// ids, and its spans are in that one's. For what is spawned.
pub fn continued<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let ids = IDS.try_with(Clone::clone).ok();
    let work = async move {
        match ids {
            Some(ids) => within(ids, work).await,
            None => work.await,
        }
    };
    work.in_current_span()
}

/// The names of a request, for what is still to be said of it when it is over.
#[derive(Clone, Debug)]
pub struct Named(Option<Arc<Ids>>);

impl Named {
    /// Returns those of the request that is worked on now.
    #[must_use]
    pub fn now() -> Self {
        Self(IDS.try_with(Clone::clone).ok())
    }

    /// Returns its id, empty when there was no request.
    #[must_use]
    pub fn request_id(&self) -> &str {
        self.0.as_ref().map_or("", |ids| ids.request_id())
    }

    /// Returns the id of its trace, 32 hex digits; empty when there was no request.
    #[must_use]
    pub fn trace_id(&self) -> &str {
        self.0.as_ref().map_or("", |ids| ids.trace_id())
    }
}

/// Looks at the names of the request that is worked on, if it is one.
pub(super) fn named(look: impl FnOnce(&Ids)) {
    // An error is that there is none.
    IDS.try_with(|ids| look(ids)).ok();
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        body::{Body, Bytes},
        http::{HeaderMap, HeaderValue, Request},
        routing::get,
    };
    use tokio::sync::mpsc;
    use tower::ServiceExt;
    use utoipa::OpenApi;

    use super::Named;
    use crate::{REQUEST_ID, Readiness, app};

    #[derive(OpenApi)]
    struct Api;

    #[tokio::test]
    async fn names_outlive_their_request_without_what_it_was_read_from() {
        let read = Bytes::from_static(b"x-request-id: my-id");
        let id = HeaderValue::from_maybe_shared(read.slice(14..)).unwrap();
        assert!(Named::now().request_id().is_empty());
        let (sent, mut received) = mpsc::channel(1);
        let names = async move |headers: HeaderMap| {
            let trace = headers["traceparent"].to_str().unwrap().to_owned();
            sent.send((Named::now(), trace)).await.unwrap();
        };
        let routes = Router::new().route("/x", get(names));
        let request = Request::get("/x").header(REQUEST_ID, id).body(Body::empty()).unwrap();
        app(routes, Readiness::waiting("nothing"), Api::openapi()).oneshot(request).await.unwrap();
        let (named, trace) = received.recv().await.unwrap();
        assert_eq!(named.request_id(), "my-id");
        assert_eq!(trace.split('-').nth(1), Some(named.trace_id()));
        let held = named.request_id().as_ptr() as usize;
        let first = read.as_ptr() as usize;
        assert!(!(first..first + read.len()).contains(&held));
    }
}
