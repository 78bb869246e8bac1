//! Connections of HTTP/2 on which nothing is asked any more.
//!
//! A client that answers pings and asks for nothing would hold its place for ever. HTTP/1.1 needs none of
//! this: there hyper's limit for a request's head runs from the end of the answer before it.

use std::time::Duration;

use axum::body::Body;
use tokio::{sync::watch, time::timeout};

use crate::kept::keeping;

/// Counts what is under way on a connection.
#[derive(Clone, Debug)]
pub(super) struct Open(watch::Sender<usize>);

/// A request that is under way until this is dropped.
#[derive(Debug)]
pub(super) struct Exchange(watch::Sender<usize>);

impl Open {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// Begins an exchange.
    pub(super) fn begin(&self) -> Exchange {
        self.0.send_modify(|open| *open += 1);
        Exchange(self.0.clone())
    }

    /// Waits until nothing was under way for as long as `limit`.
    pub(super) async fn idle(&self, limit: Duration) {
        let mut open = self.0.subscribe();
        loop {
            // The sender is ours and so cannot be gone.
            open.wait_for(|open| *open == 0).await.ok();
            if timeout(limit, open.changed()).await.is_err() {
                return;
            }
        }
    }
}

impl Exchange {
    /// Lets it last until the body's end.
    pub(super) fn keep(self, body: Body) -> Body {
        keeping(body, self)
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Body;
    use tokio::time::{Instant, sleep};

    use super::Open;

    const LIMIT: Duration = Duration::from_secs(10);

    #[tokio::test(start_paused = true)]
    async fn idle_is_what_had_nothing_under_way_for_the_whole_time() {
        let (open, begun) = (Open::new(), Instant::now());
        open.idle(LIMIT).await;
        assert_eq!(begun.elapsed().as_secs(), 10, "from the beginning");
        let other = open.clone();
        let asked = tokio::spawn(async move {
            sleep(Duration::from_secs(9)).await;
            let body = other.begin().keep(Body::empty());
            sleep(Duration::from_secs(60)).await;
            drop(body);
            sleep(Duration::from_secs(5)).await;
            drop(other.begin());
        });
        let begun = Instant::now();
        open.idle(LIMIT).await;
        assert_eq!(begun.elapsed().as_secs(), 9 + 60 + 5 + 10);
        asked.await.unwrap();
    }
}
