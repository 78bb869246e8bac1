//! Reading a refused body to its end, so that the refusal is heard.
//!
//! Who answers and closes while the caller still sends resets the connection, and the answer is lost on
//! the way: the caller of a 413 sees a broken pipe, and a proxy makes a 502 of it. So what a handler
//! left unread is read and thrown away before its answer goes out, up to a limit.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::header,
    response::Response,
};
use http_body::{Frame, SizeHint};

use crate::Next;

/// Most bytes to throw away; who sends more is cut off.
const MOST: usize = 32 * 1024 * 1024;
/// Longest time to spend on it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a body goes that was dropped before its end.
type Left = Arc<Mutex<Option<Body>>>;

/// Returns what answers once the request's body is read, by `inner` or in its place.
pub(crate) fn drained(inner: Next) -> Next {
    let draining = inner.clone().inside(drain);
    Next::choosing(move |request| {
        // Who asks before sending has sent nothing, and need not.
        let nothing =
            request.body().is_end_stream() || request.headers().contains_key(header::EXPECT);
        if nothing { inner.clone() } else { draining.clone() }
    })
}

async fn drain(request: Request, next: Next) -> Response {
    let left = Left::default();
    let watched = request.map(|body| Body::new(Watched { body: Some(body), left: left.clone() }));
    let response = next.run(watched).await;
    let rest = left.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(rest) = rest {
        tokio::time::timeout(PATIENCE, discard(rest)).await.ok();
    }
    response
}

async fn discard(mut body: Body) {
    let mut read = 0;
    while let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        read += frame.data_ref().map_or(0, Bytes::len);
        if read > MOST {
            return;
        }
    }
}

/// A body that is put into `left` when it is dropped before its end.
struct Watched {
    body: Option<Body>,
    left: Left,
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) {
            *self.left.lock().unwrap_or_else(PoisonError::into_inner) = Some(body);
        }
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(cx);
        // Nothing is left of a body that ended or broke, and it may not be asked again.
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}
