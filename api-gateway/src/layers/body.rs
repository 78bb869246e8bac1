//! Bodies that are too large or come too slowly are not waited for.
//!
//! A client that sends a byte now and then holds a connection and a request to an upstream: so a body must
//! go on, and must come at some least rate. Only the time that we wait for the client counts: an upstream
//! that takes the body slowly is not the client's fault.

use std::{
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use http_body::{Frame, SizeHint};
use service_kit::{ApiError, Around};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::AppState;

/// What a client may do with the body of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimits {
    /// `bodies.bytes`: so many at most. Default 64 MiB.
    pub bytes: u64,
    /// `bodies.idle_ms`: the longest pause. Default 20 s.
    pub idle: Duration,
    /// `bodies.bytes_per_second`: at least so many, once a pause's time was waited; 0 is no least rate.
    /// Default 200.
    pub bytes_per_second: u64,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self { bytes: 64 << 20, idle: Duration::from_secs(20), bytes_per_second: 200 }
    }
}

impl BodyLimits {
    /// Returns how much longer to wait when `received` bytes came and `waited` was spent on them.
    fn patience(&self, received: u64, waited: Duration) -> Duration {
        let Some(seconds) = received.checked_div(self.bytes_per_second) else { return self.idle };
        let earned = self.idle.saturating_add(Duration::from_secs(seconds));
        earned.saturating_sub(waited).min(self.idle)
    }
}

/// Why a body was given up.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(super) enum Refused {
    #[error("the body is too large")]
    TooLarge(u64),
    #[error("the body comes too slowly")]
    TooSlow,
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooLarge(most) => {
                let detail = format!("A request has at most {most} bytes.");
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail)
            }
            Refused::TooSlow => {
                let detail = "The request came too slowly and was given up. Send it again.";
                Self::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", detail)
            }
        }
    }
}

/// Gives the request a body that ends with an error when it breaks the limits, and then says so itself.
pub(super) struct Bounded(pub(super) AppState);

impl Around for Bounded {
    /// Where it says so, if there is a body.
    type Kept = Option<Arc<OnceLock<Refused>>>;

    fn before(&self, request: &mut Request) -> Result<Self::Kept, Box<Response>> {
        if request.body().is_end_stream() {
            return Ok(None);
        }
        let limits = self.0.current().config.body;
        let announced = request.headers().get(header::CONTENT_LENGTH);
        let announced: Option<u64> = announced.and_then(|v| v.to_str().ok()?.parse().ok());
        if announced.is_some_and(|bytes| bytes > limits.bytes) {
            return Err(ApiError::from(Refused::TooLarge(limits.bytes)).into());
        }
        let refused = Arc::new(OnceLock::new());
        let body = std::mem::take(request.body_mut());
        *request.body_mut() = Body::new(Limited::new(body, limits, refused.clone()));
        Ok(Some(refused))
    }

    fn after(&self, refused: Self::Kept, response: &mut Response) {
        // Whoever read the body saw it break off, and may have made anything of that.
        if let Some(refused) = refused.as_ref().and_then(|refused| refused.get()) {
            *response = ApiError::from(*refused).into_response();
        }
    }
}

/// A body within limits.
struct Limited {
    body: Body,
    limits: BodyLimits,
    received: u64,
    /// Time spent waiting for what was received.
    waited: Duration,
    /// Since when more is waited for, and the end of that.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
    refused: Arc<OnceLock<Refused>>,
}

impl Limited {
    fn new(body: Body, limits: BodyLimits, refused: Arc<OnceLock<Refused>>) -> Self {
        let waited = Duration::ZERO;
        Self { body, limits, received: 0, waited, waiting: None, refused }
    }

    fn refuse(&self, why: Refused) -> axum::Error {
        axum::Error::new(*self.refused.get_or_init(|| why))
    }

    /// Ready when the client was waited for long enough.
    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let patience = self.limits.patience(self.received, self.waited);
        let begin = || {
            let now = Instant::now();
            (now, Box::pin(sleep_until(now + patience)))
        };
        let (_, end) = self.waiting.get_or_insert_with(begin);
        end.as_mut().poll(cx)
    }
}

impl HttpBody for Limited {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) else {
            ready!(self.poll_patience(cx));
            return Poll::Ready(Some(Err(self.refuse(Refused::TooSlow))));
        };
        if let Some((since, _)) = self.waiting.take() {
            self.waited += since.elapsed();
        }
        if let Some(Ok(frame)) = &frame {
            self.received += frame.data_ref().map_or(0, |data| data.len() as u64);
            if self.received > self.limits.bytes {
                return Poll::Ready(Some(Err(self.refuse(Refused::TooLarge(self.limits.bytes)))));
            }
        }
        Poll::Ready(frame)
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
    use std::{convert::Infallible, time::Duration};

    use axum::body::{Body, Bytes};
    use futures_util::{StreamExt, stream};
    use proptest::prelude::*;
    use tokio::time::{Instant, sleep};

    use super::{BodyLimits, Limited};

    const LIMITS: BodyLimits =
        BodyLimits { bytes: 1000, idle: Duration::from_secs(10), bytes_per_second: 10 };

    /// Sends pieces of so many bytes, each after so many seconds; returns the bytes that came through, whether
    /// that was all, and the seconds it took.
    async fn send(pieces: Vec<(usize, u64)>) -> (usize, bool, u64) {
        let begun = Instant::now();
        let pieces = stream::iter(pieces).then(|(bytes, seconds)| async move {
            sleep(Duration::from_secs(seconds)).await;
            Ok::<_, Infallible>(Bytes::from(vec![0; bytes]))
        });
        let body = Limited::new(Body::from_stream(pieces), LIMITS, Default::default());
        let mut read = Body::new(body).into_data_stream();
        let mut received = 0;
        while let Some(piece) = read.next().await {
            let Ok(piece) = piece else { return (received, false, begun.elapsed().as_secs()) };
            received += piece.len();
        }
        (received, true, begun.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn what_goes_on_may_take_long() {
        assert_eq!(send(vec![(100, 9); 10]).await, (1000, true, 90));
        assert_eq!(send(vec![(1000, 0)]).await, (1000, true, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn what_stops_drips_or_is_too_much_is_given_up() {
        assert_eq!(send(vec![(100, 1), (100, 60)]).await, (100, false, 11), "the longest pause");
        assert_eq!(send(vec![(1, 5); 100]).await, (2, false, 10), "no drips");
        assert_eq!(send(vec![(600, 0), (600, 0)]).await, (600, false, 0), "too many");
    }

    proptest! {
        #[test]
        fn nobody_is_waited_for_longer_than_a_pause_nor_gets_more_time_than_earned(
            received in 0_u64..10_000, waited in 0_u64..10_000,
        ) {
            let waited = Duration::from_secs(waited);
            let more = LIMITS.patience(received, waited);
            prop_assert!(more <= LIMITS.idle);
            let earned = LIMITS.idle + Duration::from_secs(received / LIMITS.bytes_per_second);
            prop_assert!(more.is_zero() || waited + more <= earned);
        }
    }
}
