//! The body of an instance's answer, with the connection that it comes by.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::HttpBody;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;

use super::{
    connections::Held,
    streams::{self, EventStream},
};

/// A body. The connection is held for as long as this is there.
#[derive(Debug)]
pub(crate) enum Reply {
    /// By a connection that is kept for the next request.
    Kept(Incoming, #[expect(dead_code, reason = "held")] Held),
    /// By one of its own.
    Stream(Box<EventStream>),
    /// There is nothing, or no more.
    Nothing,
}

/// Why a body broke off.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) enum BrokenOff {
    Kept(#[from] hyper::Error),
    Stream(#[from] streams::Broken),
}

impl HttpBody for Reply {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        match &mut *self {
            Self::Kept(body, _) => Pin::new(body).poll_frame(cx).map_err(Into::into),
            Self::Stream(body) => Pin::new(body).poll_frame(cx).map_err(Into::into),
            Self::Nothing => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Kept(body, _) => body.is_end_stream(),
            Self::Stream(body) => body.is_end_stream(),
            Self::Nothing => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Kept(body, _) => body.size_hint(),
            Self::Stream(body) => body.size_hint(),
            Self::Nothing => SizeHint::with_exact(0),
        }
    }
}
