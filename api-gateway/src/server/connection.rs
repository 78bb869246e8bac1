//! One connection from its first byte to its last.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    body::{Body, HttpBody},
    extract::ConnectInfo,
    http::{HeaderValue, Method, Request, Response, Version, header},
};
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::ServerConfig;
use service_kit::Next;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::watch,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use super::{idle::Open, places::Place, tls, workers::Seat};
use crate::AppState;

/// How long a client may take to agree on a key.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Marks a request that came over TLS.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OverTls;

/// A connection that was accepted.
pub(super) struct Connection {
    pub(super) stream: std::net::TcpStream,
    pub(super) peer: SocketAddr,
    pub(super) state: AppState,
    pub(super) app: Next,
    pub(super) place: Place,
    pub(super) seat: Seat,
}

impl Connection {
    /// Serves it to its end. Nobody waits for that, so failures are only for who debugs.
    pub(super) async fn serve(self, closing: watch::Receiver<bool>) {
        // Held to the end.
        let Self { stream, peer, state, app, place: _place, seat: _seat } = self;
        let stream = match TcpStream::from_std(stream) {
            Ok(stream) => stream,
            Err(error) => return tracing::warn!(%error, "a connection is given up"),
        };
        // An answer of several segments must not wait for the other side's delayed acknowledgement (40 ms).
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot turn Nagle's algorithm off");
        }
        let tls = state.current().tls.as_ref().map(|tls| tls.server.clone());
        match tls {
            None => {
                speak(stream, Spoken { peer, tls: false, h2: false }, state, app, closing).await;
            }
            // Apart, or every connection would have the room that one with TLS takes.
            Some(tls) => Box::pin(over_tls(tls, stream, peer, state, app, closing)).await,
        }
    }
}

async fn over_tls(
    tls: Arc<ServerConfig>,
    stream: TcpStream,
    peer: SocketAddr,
    state: AppState,
    app: Next,
    closing: watch::Receiver<bool>,
) {
    let handshake = TlsAcceptor::from(tls).accept(stream);
    match timeout(HANDSHAKE, handshake).await {
        Ok(Ok(stream)) => {
            let h2 = stream.get_ref().1.alpn_protocol() == Some(tls::H2);
            speak(stream, Spoken { peer, tls: true, h2 }, state, app, closing).await;
        }
        Ok(Err(error)) => tracing::debug!(%error, %peer, "no TLS"),
        Err(_) => tracing::debug!(%peer, "no TLS in time"),
    }
}

/// What is known before the first request.
#[derive(Clone, Copy)]
struct Spoken {
    peer: SocketAddr,
    tls: bool,
    h2: bool,
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    spoken: Spoken,
    state: AppState,
    app: Next,
    closing: watch::Receiver<bool>,
) {
    let limits = state.current().config.connections;
    let open = Open::new();
    let exchanges = spoken.h2.then(|| open.clone());
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(spoken.peer));
        if spoken.tls {
            request.extensions_mut().insert(OverTls);
        }
        // In HTTP/1.1 hyper sees to it.
        let without_body = spoken.h2 && request.method() == Method::HEAD;
        let request = request.map(|body| match body.is_end_stream() {
            true => Body::empty(),
            false => Body::new(body),
        });
        let answer = app.clone().run(request);
        let stopped = state.stopped.clone();
        let exchange = exchanges.as_ref().map(Open::begin);
        async move {
            let mut answer = answer.await;
            if without_body {
                answer = answer.map(|_| Body::empty());
            }
            if let Some(exchange) = exchange {
                answer = answer.map(|body| exchange.keep(body));
            }
            if *stopped.borrow() {
                say_goodbye(&mut answer, spoken.h2);
            }
            Ok::<_, Infallible>(answer)
        }
    });
    let stream = TokioIo::new(stream);
    let mut closing = closing;
    // Not hyper-util's builder for both: with upgrades it guesses the version from the first bytes, so that
    // HTTP/2 is spoken without TLS, and waits for these bytes for ever.
    let ended = if spoken.h2 {
        let mut builder = http2::Builder::new(TokioExecutor::new());
        // Floods of resets and of continued headers are hyper's own limits.
        builder
            .timer(TokioTimer::new())
            // Who is gone without a word is found out.
            .keep_alive_interval(limits.head)
            .keep_alive_timeout(limits.head)
            .max_header_list_size(limits.header_bytes)
            .max_concurrent_streams(limits.streams);
        let mut connection = Box::pin(builder.serve_connection(stream, service));
        tokio::select! {
            ended = connection.as_mut() => ended,
            () = told(&mut closing) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
            () = open.idle(limits.head) => {
                connection.as_mut().graceful_shutdown();
                // Who does not even take the goodbye is not waited for.
                timeout(limits.head, connection).await.unwrap_or(Ok(()))
            }
        }
    } else {
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_headers(limits.headers)
            // The buffer's limit alone lets through what one last read completes.
            .max_header_size(limits.header_bytes as usize)
            .max_buf_size(limits.header_bytes as usize);
        let mut connection = Box::pin(builder.serve_connection(stream, service).with_upgrades());
        tokio::select! {
            ended = connection.as_mut() => ended,
            () = told(&mut closing) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, peer = %spoken.peer, "connection broke");
    }
    // Held until now: who stops the server waits for it.
    drop(closing);
}

/// Waits until the connection is to be closed.
async fn told(closing: &mut watch::Receiver<bool>) {
    closing.wait_for(|closing| *closing).await.ok();
}

/// HTTP/2 has a frame for it, which the end of the wait sends.
fn say_goodbye(answer: &mut Response<Body>, h2: bool) {
    if !h2 && answer.version() <= Version::HTTP_11 {
        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
}
