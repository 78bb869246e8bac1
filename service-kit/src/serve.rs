//! Listening, and stopping without losing what is under way.

use std::{net::SocketAddr, sync::LazyLock, time::Duration};

use axum::{Router, serve::ListenerExt};
use tokio::{net::TcpListener, signal::unix::SignalKind};

/// How long open requests may take to end once the service was told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Whether this process was told to stop.
static STOPPING: LazyLock<tokio::sync::watch::Sender<bool>> = LazyLock::new(Default::default);

/// Returns once a server of this process was told to stop: what only waits ends then.
pub async fn stopping() {
    // The sender lives as long as the process, so there is no error.
    STOPPING.subscribe().wait_for(|told| *told).await.ok();
}

/// A service that could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The listener broke.
    #[error("the server stopped unexpectedly")]
    Run(#[source] std::io::Error),
}

/// Binds a listener and logs the address that it got.
///
/// # Errors
/// The address is taken or not available.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let listener =
        TcpListener::bind(address).await.map_err(|source| ServeError::Bind { address, source })?;
    let address = listener.local_addr().unwrap_or(address);
    tracing::info!(%address, "listening");
    Ok(listener)
}

/// Serves until SIGINT or SIGTERM, then lets open requests end for a few seconds.
///
/// With `ASTERISM_STOP_WITH_PARENT=1` the end of standard input stops it too: a supervisor that dies,
/// even by SIGKILL, closes the pipe, and no orphan keeps the port.
///
/// # Errors
/// The listener broke.
pub async fn serve(listener: TcpListener, app: Router) -> Result<(), ServeError> {
    serve_until_stopped(listener, app, || {}).await
}

/// Like [`serve`], and calls `on_stop` once when told to stop, before requests get their last seconds:
/// the place to end those that only wait (long polls, event streams).
///
/// # Errors
/// The listener broke.
pub async fn serve_until_stopped(
    listener: TcpListener,
    app: Router,
    on_stop: impl FnOnce() + Send + 'static,
) -> Result<(), ServeError> {
    let (told, stop) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        told_to_stop().await;
        told.send(true).ok();
        STOPPING.send_replace(true);
        on_stop();
    });
    let wait = |mut stop: tokio::sync::watch::Receiver<bool>| async move {
        stop.wait_for(|told| *told).await.ok();
    };
    // An answer of several segments must not wait for the other side's delayed acknowledgement (40 ms).
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot turn Nagle's algorithm off");
        }
    });
    let server = axum::serve(listener, app).with_graceful_shutdown(wait(stop.clone()));
    let deadline = async {
        wait(stop).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = server.into_future() => ended.map_err(ServeError::Run),
        () = deadline => {
            tracing::warn!("stopped with requests still open");
            Ok(())
        }
    }
}

/// Waits until the process is told to stop, as [`serve`] does.
pub async fn told_to_stop() {
    let terminate = async {
        match tokio::signal::unix::signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
        () = parent_gone() => {}
    }
    tracing::info!("stopping");
}

async fn parent_gone() {
    if std::env::var_os("ASTERISM_STOP_WITH_PARENT").is_none() {
        return std::future::pending().await;
    }
    let (tell, told) = tokio::sync::oneshot::channel();
    // A thread of its own: a runtime waits for its blocking threads when it ends, and tokio's standard
    // input is one that blocks until the parent is gone, which would keep a stopped service alive.
    std::thread::spawn(move || {
        std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink()).ok();
        tell.send(()).ok();
    });
    told.await.ok();
}
