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

#[cfg(test)]
mod tests {
    use std::{future::pending, time::Duration};

    use futures_util::{StreamExt, stream};
    use tokio::time::{Instant, sleep};

    use super::{Broken, Pace, limited};

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_wait_without_a_sign_of_life_ends() {
        let begun = Instant::now();
        assert_eq!(Pace::new(15 * SECOND).keep(pending::<()>()).await, None);
        assert_eq!(begun.elapsed().as_secs(), 15);
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_upload_is_waited_for_while_it_goes_on() {
        let pace = Pace::new(15 * SECOND);
        let upload = async {
            for _ in 0..10 {
                sleep(10 * SECOND).await;
                pace.went_on();
            }
            "answer"
        };
        assert_eq!(pace.keep(upload).await, Some("answer"));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_stops_is_broken_off() {
        let slow = stream::iter([10, 50, 70]).then(|seconds| async move {
            sleep(seconds * SECOND).await;
            Ok("piece".into())
        });
        let read: Vec<_> = limited(slow, 60 * SECOND).collect().await;
        assert!(matches!(read[..], [Ok(_), Ok(_), Err(Broken::Idle)]), "{read:?}");
    }
}
