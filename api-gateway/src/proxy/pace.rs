//! A deadline that counts from the last sign of life, so that a long upload may take long.
//!
//! Not here: a caller who stops sending, for whom the upstream is not to blame (`layers` ends their body).

use std::{
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, timeout_at};

/// How long to wait after the last piece of the request went out.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    patience: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    last: Instant,
    /// The next piece is the caller's to send.
    waits_for_caller: bool,
}

impl Pace {
    pub(super) fn new(patience: Duration) -> Self {
        let state = State { last: Instant::now(), waits_for_caller: false };
        Self { patience, state: Arc::new(Mutex::new(state)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn deadline(&self, now: Instant) -> Instant {
        let State { last, waits_for_caller } = *self.state();
        let since = if waits_for_caller { now } else { last };
        since + self.patience
    }

    /// Returns what `future` gives, `None` when the wait is over first.
    pub(super) async fn keep<F: Future>(&self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        let mut deadline = self.deadline(Instant::now());
        loop {
            if let Ok(output) = timeout_at(deadline, &mut future).await {
                return Some(output);
            }
            let next = self.deadline(Instant::now());
            if next <= deadline {
                return None;
            }
            deadline = next;
        }
    }

    /// Returns `body` as one whose pieces are signs of life.
    pub(super) fn watch(&self, body: Body) -> Body {
        // One that is empty stays one, and is not sent as a chunked body of nothing.
        if body.is_end_stream() { body } else { Body::new(Upload { body, pace: self.clone() }) }
    }
}

/// A request's body on its way to the upstream.
struct Upload {
    body: Body,
    pace: Pace,
}

impl HttpBody for Upload {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        let mut state = self.pace.state();
        state.waits_for_caller = polled.is_pending();
        if polled.is_ready() {
            state.last = Instant::now();
        }
        drop(state);
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, future::pending, time::Duration};

    use axum::body::{Body, Bytes};
    use futures_util::{StreamExt, stream};
    use tokio::time::{Instant, sleep};

    use super::Pace;

    const SECOND: Duration = Duration::from_secs(1);

    /// Pieces after so many seconds each.
    fn upload(seconds: impl IntoIterator<Item = u32, IntoIter: Send + 'static>) -> Body {
        let pieces = stream::iter(seconds).then(|seconds| async move {
            sleep(seconds * SECOND).await;
            Ok::<_, Infallible>(Bytes::from_static(b"piece"))
        });
        Body::from_stream(pieces)
    }

    async fn read(body: Body) -> usize {
        body.into_data_stream().count().await
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_without_a_sign_of_life_ends() {
        let begun = Instant::now();
        let pace = Pace::new(15 * SECOND);
        assert_eq!(pace.keep(pending::<()>()).await, None);
        assert_eq!(begun.elapsed().as_secs(), 15);
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_upload_is_waited_for_while_it_goes_on() {
        let pace = Pace::new(15 * SECOND);
        let upload = pace.watch(upload([10; 10]));
        assert_eq!(pace.keep(read(upload)).await, Some(10));
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_who_stops_is_not_the_upstreams_fault() {
        let begun = Instant::now();
        let pace = Pace::new(15 * SECOND);
        let upload = pace.watch(upload([10, 20, 100]));
        let answered = async {
            assert_eq!(read(upload).await, 3);
            pending::<()>().await;
        };
        assert_eq!(pace.keep(answered).await, None);
        assert_eq!(begun.elapsed().as_secs(), 145, "from the last piece on it is");
    }
}
