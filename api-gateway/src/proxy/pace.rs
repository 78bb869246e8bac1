//! Deadlines that count from the last sign of life, so that a long transfer may take long.

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use tokio::time::{Instant, timeout, timeout_at};

/// How long to wait after the last piece of the request went out.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    patience: Duration,
    last: Arc<Mutex<Instant>>,
}

impl Pace {
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience, last: Arc::new(Mutex::new(Instant::now())) }
    }

    /// Begins the wait anew.
    pub(super) fn went_on(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn deadline(&self) -> Instant {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) + self.patience
    }

    /// Returns what `future` gives, `None` when the wait is over first.
    pub(super) async fn keep<F: Future>(&self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        loop {
            let deadline = self.deadline();
            if let Ok(output) = timeout_at(deadline, &mut future).await {
                return Some(output);
            }
            if self.deadline() == deadline {
                return None;
            }
        }
    }
}

/// Why an answer ended before its end. Its head is gone by then: the caller sees a broken transfer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("the upstream broke off")]
    Upstream(#[from] reqwest::Error),
    #[error("the upstream sent nothing for too long")]
    Idle,
}

/// Returns the pieces of an answer, ending with an error when none comes for `idle`.
pub(super) fn limited(
    pieces: impl Stream<Item = reqwest::Result<Bytes>> + Send + 'static,
    idle: Duration,
) -> impl Stream<Item = Result<Bytes, Broken>> + Send + 'static {
    stream::try_unfold(Box::pin(pieces), move |mut pieces| async move {
        let next = match timeout(idle, pieces.next()).await {
            Ok(next) => next.transpose().map_err(Broken::from),
            Err(_) => Err(Broken::Idle),
        };
        if let Err(error) = &next {
            tracing::warn!(cause = service_kit::chain(error), "answer broken off");
        }
        Ok(next?.map(|piece| (piece, pieces)))
    })
}
