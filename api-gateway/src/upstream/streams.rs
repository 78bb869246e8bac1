//! Requests for event streams, over a connection of their own that needs little memory while nothing comes.
//!
//! A page holds a stream open for as long as it is open. A connection of hyper's has 8 KB to read into, 8 KB to
//! write from and a queue with room for 32 requests, which a stream has no use for. Here the protocol is
//! ureq-proto's, a state machine without buffers, and what is read goes to the caller at once.
//!
//! Not here: connections that are kept for the next request, or leave HTTP (`client`); requests with a body.

use std::{
    io,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::body::{Body, HttpBody};
use bytes::{Buf, Bytes, BytesMut};
use http::{
    HeaderMap, Method, Request, Response,
    header::{ACCEPT, UPGRADE},
};
use http_body::{Frame, SizeHint};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf},
    net::TcpStream,
};
use ureq_proto::{
    BodyMode,
    client::{Call, RecvResponseResult, SendRequestResult, state},
};

/// So much is read at once; of a body on the stack.
const PIECE: usize = 8 * 1024;
/// The longest head of an answer, and the longest part of its framing.
const LONGEST: usize = 64 * 1024;
/// What a request has besides its target and its headers: the method, the version, ends of lines.
const AROUND: usize = 64;

/// Why a stream, or the answer in its place, has no beginning or no end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// The connection broke.
    #[error(transparent)]
    Connection(#[from] io::Error),
    /// What came is not HTTP/1.1.
    #[error("what came is not HTTP/1.1")]
    Protocol(#[from] ureq_proto::Error),
    /// The other side closed the connection.
    #[error("closed before the end")]
    Closed,
    /// The head or the size of a piece has no end.
    #[error("more than {LONGEST} bytes without their end")]
    TooLong,
}

/// A request for an event stream, as it is sent.
#[derive(Debug)]
pub(super) struct Opening(Vec<u8>);

/// The body of its answer, with the connection: closed when this is dropped.
pub(crate) struct EventStream {
    connection: TcpStream,
    call: Call<state::RecvBody>,
    /// What came and is no whole part yet. Mostly nothing, and then it has no memory.
    rest: Vec<u8>,
}

impl std::fmt::Debug for EventStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventStream").finish_non_exhaustive()
    }
}

impl Opening {
    /// Returns it if the request is for an event stream.
    pub(super) fn of(request: &Request<Body>) -> Option<Self> {
        let headers = request.headers();
        if !wanted(headers) || headers.contains_key(UPGRADE) {
            return None;
        }
        if request.method() != Method::GET || !request.body().is_end_stream() {
            return None;
        }
        let mut bare = Request::new(());
        *bare.uri_mut() = request.uri().clone();
        *bare.headers_mut() = headers.clone();
        // What it does not take goes the usual way.
        written(bare).ok().map(|(_, written)| Self(written))
    }

    /// Sends it and returns the answer, once its head is there.
    pub(super) async fn send(
        self,
        mut connection: TcpStream,
    ) -> Result<Response<Option<EventStream>>, Broken> {
        connection.write_all(&self.0).await?;
        drop(self);
        // The state machine keeps its request for redirects, and with it all that the request's headers are pieces
        // of. So the one that waits has none.
        let (mut call, _) = written(Request::new(()))?;
        let mut rest = BytesMut::with_capacity(PIECE);
        let head = loop {
            if connection.read_buf(&mut rest).await? == 0 {
                return Err(Broken::Closed);
            }
            if let Some(head) = head(&mut call, &mut rest)? {
                break head;
            }
            if rest.len() > LONGEST {
                return Err(Broken::TooLong);
            }
        };
        let body = match call.proceed() {
            Some(RecvResponseResult::RecvBody(call)) => {
                Some(EventStream { connection, call, rest: rest.to_vec() })
            }
            _ => None,
        };
        Ok(head.map(|()| body))
    }
}

/// Tells whether an event stream is asked for, as every `EventSource` says it.
pub(crate) fn wanted(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).is_some_and(|accept| accept == "text/event-stream")
}

/// Returns a request as it is sent, and what waits for its answer.
fn written(
    request: Request<()>,
) -> Result<(Call<state::RecvResponse>, Vec<u8>), ureq_proto::Error> {
    let length =
        length(request.headers()) + request.uri().path_and_query().map_or(1, |t| t.as_str().len());
    let mut written = vec![0; length + AROUND];
    let mut call = Call::new(request)?.proceed();
    let length = call.write(&mut written)?;
    written.truncate(length);
    match call.proceed()? {
        Some(SendRequestResult::RecvResponse(call)) => Ok((call, written)),
        _ => Err(ureq_proto::Error::OutputOverflow),
    }
}

/// Returns how long the headers are when they are written.
fn length(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum()
}

/// Returns the head of the answer if all of it is there, past those that only tell that there will be one.
fn head(
    call: &mut Call<state::RecvResponse>,
    came: &mut BytesMut,
) -> Result<Option<Response<()>>, ureq_proto::Error> {
    loop {
        let (used, head) = call.try_response(came, false)?;
        came.advance(used);
        if head.is_some() || used == 0 {
            return Ok(head);
        }
    }
}

impl EventStream {
    /// Returns what was read of the body, `None` when that is only a part of its framing.
    fn piece(&mut self) -> Result<Option<Bytes>, Broken> {
        let mut piece = vec![0; self.rest.len()];
        let (used, length) = self.call.read(&self.rest, &mut piece)?;
        self.rest = self.rest.get(used..).unwrap_or_default().to_vec();
        piece.truncate(length);
        Ok((length > 0).then(|| piece.into()))
    }

    /// Reads what came, and returns how many bytes; 0 is the end.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut space = [MaybeUninit::uninit(); PIECE];
        let mut read = ReadBuf::uninit(&mut space);
        ready!(Pin::new(&mut self.connection).poll_read(cx, &mut read))?;
        self.rest.extend_from_slice(read.filled());
        Poll::Ready(Ok(read.filled().len()))
    }

    fn ends_with_connection(&self) -> bool {
        self.call.body_mode() == BodyMode::CloseDelimited
    }
}

impl HttpBody for EventStream {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let this = &mut *self;
        loop {
            if !this.rest.is_empty()
                && let Some(piece) = this.piece()?
            {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
            if this.is_end_stream() {
                return Poll::Ready(None);
            }
            if this.rest.len() > LONGEST {
                return Poll::Ready(Some(Err(Broken::TooLong)));
            }
            if ready!(this.poll_read(cx))? == 0 {
                let end =
                    if this.ends_with_connection() { None } else { Some(Err(Broken::Closed)) };
                return Poll::Ready(end);
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.call.can_proceed() && !self.ends_with_connection()
    }

    fn size_hint(&self) -> SizeHint {
        match self.call.body_mode() {
            BodyMode::NoBody => SizeHint::with_exact(0),
            BodyMode::LengthDelimited(left) => SizeHint::with_exact(left),
            BodyMode::Chunked | BodyMode::CloseDelimited => SizeHint::default(),
        }
    }
}

#[cfg(test)]
mod tests;
