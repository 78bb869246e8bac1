//! An answer's body on its way to the caller, piece by piece.
//!
//! Its head is gone by then: when it breaks off, the caller sees a broken transfer.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::HttpBody;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use service_kit::telemetry::Named;
use tokio::time::{Instant, Sleep};

use crate::{
    breaking::Breaking,
    upstream::{
        pool::Lease,
        reply::{BrokenOff, Reply},
    },
};

/// The body of an answer, broken off when no piece comes for too long.
#[derive(Debug)]
pub(super) struct Answer {
    body: Reply,
    idle: Duration,
    /// Runs while the upstream is waited for; most answers never need it.
    waiting: Option<Pin<Box<Sleep>>>,
    /// Until the end.
    lease: Option<Lease>,
    breaking: Breaking<Broken>,
    /// By then the request itself is over.
    request: Named,
}

/// Why an answer ended before its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("the upstream broke off")]
    Upstream(#[from] BrokenOff),
    #[error("the upstream sent nothing for too long")]
    Idle,
}

impl Answer {
    pub(super) fn new(body: Reply, lease: Lease, idle: Duration, request: Named) -> Self {
        let mut answer = Self {
            body,
            idle,
            waiting: None,
            lease: Some(lease),
            breaking: Breaking::default(),
            request,
        };
        answer.end_if_ended();
        answer
    }

    /// Nobody asks a body that says so for its end.
    fn end_if_ended(&mut self) {
        if self.body.is_end_stream() {
            self.end();
        }
    }

    /// The connection can take the next request.
    fn end(&mut self) {
        self.body = Reply::Nothing;
        if let Some(lease) = self.lease.take() {
            lease.ended();
        }
    }

    fn broken(&mut self, why: Broken) -> Broken {
        let (request_id, trace_id) = (self.request.request_id(), self.request.trace_id());
        let cause = service_kit::chain(&why);
        tracing::warn!(request_id, trace_id, cause, "answer broken off");
        if let Some(lease) = self.lease.take() {
            lease.cut();
        }
        why
    }

    /// Waits a while for the next piece, from the first time that there is none.
    fn poll_idle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let idle = self.idle;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep(idle)));
        waiting.as_mut().poll(cx)
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let this = &mut *self;
        if let Some(why) = this.breaking.take() {
            return Poll::Ready(Some(Err(why)));
        }
        let Poll::Ready(polled) = Pin::new(&mut this.body).poll_frame(cx) else {
            ready!(this.poll_idle(cx));
            return Poll::Ready(Some(Err(this.broken(Broken::Idle))));
        };
        // The wait begins anew with each piece.
        if let Some(waiting) = &mut this.waiting {
            waiting.as_mut().reset(Instant::now() + this.idle);
        }
        Poll::Ready(match polled {
            Some(Ok(frame)) => {
                this.end_if_ended();
                Some(Ok(frame))
            }
            Some(Err(error)) => {
                let why = this.broken(error.into());
                return this.breaking.hold(why, cx);
            }
            None => {
                this.end();
                None
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
