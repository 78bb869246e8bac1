//! A request's body that is lent to a try: one that does not touch it gives it back.
//!
//! So a request whose connection was refused, of which nothing was sent, can go to another instance with the
//! body that the caller is still sending.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::pace::Pace;

/// A body, until a try begins to read it. Its pieces are signs of life.
#[derive(Debug)]
pub(super) struct Loan {
    body: Arc<Mutex<Option<Body>>>,
    pace: Pace,
}

/// It in the hands of a try.
struct Lent {
    untouched: Arc<Mutex<Option<Body>>>,
    body: Option<Body>,
    /// While it is untouched.
    size: SizeHint,
    pace: Pace,
}

fn lock(place: &Mutex<Option<Body>>) -> MutexGuard<'_, Option<Body>> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Loan {
    pub(super) fn new(body: Body, pace: Pace) -> Self {
        Self { body: Arc::new(Mutex::new(Some(body))), pace }
    }

    /// Lends the body. Of a body that was touched nothing is left.
    pub(super) fn lend(&self) -> Body {
        let size = match &*lock(&self.body) {
            // One that is empty stays one, and is not sent as a chunked body of nothing.
            None => return Body::empty(),
            Some(body) if body.is_end_stream() => return Body::empty(),
            Some(body) => body.size_hint(),
        };
        Body::new(Lent { untouched: self.body.clone(), body: None, size, pace: self.pace.clone() })
    }

    /// Tells whether all of it can be lent again.
    pub(super) fn is_untouched(&self) -> bool {
        lock(&self.body).is_some()
    }
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.body.is_none() {
            let body = lock(&self.untouched).take();
            self.body = body;
        }
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let found = Pin::new(body).poll_frame(cx);
        self.pace.looked(&found);
        found
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_some_and(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or(self.size, Body::size_hint)
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, HttpBody};
    use http_body_util::BodyExt;

    use super::{super::pace::Pace, Loan};

    fn loan(body: Body) -> Loan {
        Loan::new(body, Pace::new(std::time::Duration::from_secs(1)))
    }

    #[tokio::test]
    async fn who_does_not_touch_it_gives_it_back() {
        let loan = loan(Body::from("text"));
        let first = loan.lend();
        assert_eq!(first.size_hint().exact(), Some(4));
        drop(first);
        assert!(loan.is_untouched());
        let mut second = loan.lend();
        second.frame().await.unwrap().unwrap();
        assert!(second.is_end_stream());
        drop(second);
        assert!(!loan.is_untouched());
    }

    #[test]
    fn nothing_stays_nothing() {
        let loan = loan(Body::empty());
        assert!(loan.lend().is_end_stream());
        assert!(loan.is_untouched());
    }
}
