//! A deadline that counts from the last sign of life, so that a long upload may take long.
//!
//! Not here: a caller who stops sending, for whom the upstream is not to blame (`layers` ends their body).

use std::{
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
    time::Duration,
};

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
        // Whether the caller is waited for counts at the end of it.
        let mut deadline = self.state().last + self.patience;
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

    /// Takes in what came of looking for the next piece of the request: one that came, or its end, is a sign of
    /// life.
    pub(super) fn looked<T>(&self, found: &Poll<T>) {
        let mut state = self.state();
        state.waits_for_caller = found.is_pending();
        if found.is_ready() {
            state.last = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, future::pending, time::Duration};

    use axum::body::{Body, Bytes};
    use futures_util::{StreamExt, stream};
    use tokio::time::{Instant, sleep};

    use super::{super::loan::Loan, Pace};

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
        let upload = Loan::new(upload([10; 10]), pace.clone()).lend();
        assert_eq!(pace.keep(read(upload)).await, Some(10));
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_who_stops_is_not_the_upstreams_fault() {
        let begun = Instant::now();
        let pace = Pace::new(15 * SECOND);
        let upload = Loan::new(upload([10, 20, 100]), pace.clone()).lend();
        let answered = async {
            assert_eq!(read(upload).await, 3);
            pending::<()>().await;
        };
        assert_eq!(pace.keep(answered).await, None);
        assert_eq!(begun.elapsed().as_secs(), 145, "from the last piece on it is");
    }
}
