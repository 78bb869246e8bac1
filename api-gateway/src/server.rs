//! Accepting connections, and stopping without losing what is under way.
//!
//! One listener speaks TLS when there is a certificate, and plain HTTP when there is none. HTTP/2 is spoken
//! where ALPN chose it; without TLS there is HTTP/1.1 only.
//!
//! Not here: what a request gets (`routes`), restarting (docs/operating-the-gateway.md).

mod connection;
pub(crate) mod descriptors;
mod idle;
mod limits;
mod places;
mod socket;
pub(crate) mod tls;
pub(crate) mod workers;

use std::{future::Future, io, net::IpAddr, pin::pin, sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::watch};

use crate::{AppState, routes};
use connection::Connection;
use places::{Place, Places};
use workers::Workers;

pub use limits::ConnectionLimits;
pub(crate) use socket::listen;

pub(crate) use connection::OverTls;

/// How long clients that hold a connection open are told with their next answer to use another one, before
/// idle connections are closed: who sends a request on one in that moment loses it.
const LINGER: Duration = Duration::from_secs(1);
/// How long open requests may take to end, with the time above.
const GRACE: Duration = Duration::from_secs(5);
/// Rest after a failure that is not one connection's, such as having no file descriptor left.
const REST: Duration = Duration::from_millis(100);

/// Serves on `listener` until `stop`, then lets open requests end for a few seconds; all on the runtime of the
/// caller.
pub async fn serve_on(listener: TcpListener, state: AppState, stop: impl Future<Output = ()>) {
    serve_with(&Workers::none(), listener, state, stop).await;
}

/// The same, with connections served by `workers`.
pub(crate) async fn serve_with(
    workers: &Workers,
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()>,
) {
    let app = routes::app(state.clone());
    let places = Arc::<Places>::default();
    // Its receivers are the open connections.
    let (open, _) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(place) = place(&places, &state, peer.ip()) else {
                    metrics::counter!("connections_refused_total").increment(1);
                    continue;
                };
                // Without the runtime that accepted it: it is served on another.
                let stream = match stream.into_std() {
                    Ok(stream) => stream,
                    Err(error) => {
                        tracing::warn!(%error, "a connection is given up");
                        continue;
                    }
                };
                let (state, app) = (state.clone(), app.clone());
                workers.serve(|seat| {
                    let connection = Connection { stream, peer, state, app, place, seat };
                    connection.serve(open.subscribe())
                });
            }
            Err(error) => refused(&error).await,
        }
    }
    state.stop();
    // Whoever holds the same socket (a successor, systemd) takes what waits to be accepted.
    drop(listener);
    wind_down(open).await;
}

/// Proxies and our own machines speak for many, so that only the limit of all holds for them.
fn place(places: &Arc<Places>, state: &AppState, peer: IpAddr) -> Option<Place> {
    let current = state.current();
    let config = &current.config;
    let many = config.trusted_proxies.contain(peer) || config.limits.exempt.contain(peer);
    let limits = config.connections;
    let per_address = Some(limits.per_address).filter(|most| *most > 0 && !many);
    places.take(peer, limits.all, per_address)
}

async fn refused(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    tracing::error!(%error, "cannot accept connections");
    tokio::time::sleep(REST).await;
}

async fn wind_down(open: watch::Sender<bool>) {
    let end = async {
        tokio::time::timeout(LINGER, open.closed()).await.ok();
        open.send_replace(true);
        open.closed().await;
    };
    if tokio::time::timeout(GRACE, end).await.is_err() {
        tracing::warn!("stopped with requests still open");
    }
}
