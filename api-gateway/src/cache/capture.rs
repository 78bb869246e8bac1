//! An answer's body that goes to the caller and is kept.
//!
//! It is read as fast as the upstream sends it, whatever the caller's pace, because others wait for it: not
//! more than may be kept is held for the caller. What is longer than that goes on at the caller's pace.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::{Body, HttpBody};
use bytes::{Bytes, BytesMut};
use http_body::{Frame, SizeHint};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::breaking::Breaking;

/// A part of a body on its way to the caller.
enum Part {
    Frame(Result<Frame<Bytes>, axum::Error>),
    /// The rest as the upstream sends it.
    Rest(Body),
    End,
}

/// Why a body is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unkept {
    /// More bytes than are kept, or trailers.
    Large,
    Broken,
}

/// Whoever read the body is gone before its end.
#[derive(Debug, thiserror::Error)]
#[error("the answer is not read any more")]
struct Left;

/// Reads a body, and hands it over.
pub(super) struct Capture {
    body: Body,
    parts: UnboundedSender<Part>,
}

/// The caller's side.
pub(super) struct Relay {
    parts: UnboundedReceiver<Part>,
    rest: Option<Body>,
    size: SizeHint,
    breaking: Breaking<axum::Error>,
}

/// Divides a body into what reads it and what the caller gets.
pub(super) fn capture(body: Body) -> (Capture, Relay) {
    let (send, parts) = unbounded_channel();
    let size = body.size_hint();
    (
        Capture { body, parts: send },
        Relay { parts, rest: None, size, breaking: Breaking::default() },
    )
}

impl Capture {
    /// Returns the whole body.
    pub(super) async fn whole(mut self, most: usize) -> Result<Bytes, Unkept> {
        let mut kept = BytesMut::new();
        loop {
            let frame = poll_fn(|cx| Pin::new(&mut self.body).poll_frame(cx)).await;
            let unkept = match &frame {
                None => break,
                Some(Err(_)) => Some(Unkept::Broken),
                Some(Ok(frame)) => match frame.data_ref() {
                    Some(data) if kept.len() + data.len() <= most => {
                        kept.extend_from_slice(data);
                        None
                    }
                    _ => Some(Unkept::Large),
                },
            };
            if let Some(frame) = frame {
                self.send(Part::Frame(frame));
            }
            match unkept {
                None => {}
                Some(Unkept::Broken) => return Err(Unkept::Broken),
                Some(Unkept::Large) => {
                    self.parts.send(Part::Rest(self.body)).ok();
                    return Err(Unkept::Large);
                }
            }
        }
        self.send(Part::End);
        Ok(kept.freeze())
    }

    fn send(&self, part: Part) {
        // A caller who has gone away gets nothing, and others may wait.
        self.parts.send(part).ok();
    }
}

impl Relay {
    fn passed(&mut self, frame: &Frame<Bytes>) {
        let bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
        if let Some(exact) = self.size.exact() {
            self.size = SizeHint::with_exact(exact.saturating_sub(bytes));
        }
    }
}

impl HttpBody for Relay {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        if let Some(error) = this.breaking.take() {
            return Poll::Ready(Some(Err(error)));
        }
        loop {
            if let Some(rest) = &mut this.rest {
                return Pin::new(rest).poll_frame(cx);
            }
            match std::task::ready!(this.parts.poll_recv(cx)) {
                Some(Part::Rest(rest)) => this.rest = Some(rest),
                Some(Part::Frame(Ok(frame))) => {
                    this.passed(&frame);
                    return Poll::Ready(Some(Ok(frame)));
                }
                Some(Part::Frame(Err(error))) => return this.breaking.hold(error, cx),
                Some(Part::End) => {
                    this.size = SizeHint::with_exact(0);
                    return Poll::Ready(None);
                }
                None if this.size.exact() == Some(0) => return Poll::Ready(None),
                None => return this.breaking.hold(axum::Error::new(Left), cx),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.as_ref().map_or(self.size.exact() == Some(0), Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.rest.as_ref().map_or_else(|| self.size, Body::size_hint)
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, io, task::Poll};

    use axum::body::Body;
    use bytes::Bytes;
    use futures_util::{StreamExt, poll, stream};
    use http_body_util::BodyExt;

    use super::{Unkept, capture};

    fn body(pieces: &[&'static str]) -> Body {
        let pieces: Vec<_> = pieces.iter().map(|piece| Ok::<_, Infallible>(*piece)).collect();
        Body::from_stream(stream::iter(pieces))
    }

    #[tokio::test]
    async fn what_fits_is_kept_and_sent() {
        let (read, sent) = capture(body(&["12", "345"]));
        assert_eq!(read.whole(5).await, Ok(Bytes::from("12345")));
        let sent = Body::new(sent).collect().await.unwrap().to_bytes();
        assert_eq!(sent, "12345");
    }

    #[tokio::test]
    async fn what_does_not_fit_is_sent_all_the_same() {
        let (read, sent) = capture(body(&["12", "3456", "7"]));
        assert_eq!(read.whole(5).await, Err(Unkept::Large));
        let sent = Body::new(sent).collect().await.unwrap().to_bytes();
        assert_eq!(sent, "1234567");
    }

    #[tokio::test]
    async fn what_breaks_off_or_is_read_no_more_is_not_whole_for_the_caller() {
        let pieces = [Ok("12"), Err(io::Error::other("cut"))];
        let (read, sent) = capture(Body::from_stream(stream::iter(pieces)));
        assert_eq!(read.whole(5).await, Err(Unkept::Broken));
        let mut sent = Body::new(sent);
        assert!(matches!(poll!(sent.frame()), Poll::Ready(Some(Ok(_)))));
        assert!(poll!(sent.frame()).is_pending(), "the server sends what came");
        assert!(matches!(poll!(sent.frame()), Poll::Ready(Some(Err(_)))));
        let (read, sent) = capture(body(&["12"]));
        drop(read);
        assert!(Body::new(sent).collect().await.is_err());
    }

    #[tokio::test]
    async fn a_caller_who_leaves_does_not_end_it() {
        let (read, sent) = capture(body(&["12"]));
        drop(sent);
        assert_eq!(read.whole(5).await, Ok(Bytes::from("12")));
    }

    #[tokio::test]
    async fn a_known_length_stays_known() {
        let (read, sent) = capture(Body::from("12"));
        let mut sent = Body::new(sent);
        assert_eq!(axum::body::HttpBody::size_hint(&sent).exact(), Some(2));
        read.whole(5).await.unwrap();
        sent.frame().await.unwrap().unwrap();
        assert!(axum::body::HttpBody::is_end_stream(&sent));
        assert!(sent.into_data_stream().next().await.is_none());
    }
}
