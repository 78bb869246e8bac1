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

/// Looks at the names of the request that is worked on, if it is one.
pub(super) fn named(look: impl FnOnce(&Ids)) {
    // An error is that there is none.
    IDS.try_with(|ids| look(ids)).ok();
}
