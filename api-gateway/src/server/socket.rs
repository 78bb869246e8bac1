//! The socket: one that was handed over, or a new one.

use std::{io, net::SocketAddr};

use listenfd::ListenFd;
use tokio::net::TcpListener;

use crate::ServeError;

/// Takes the first socket that systemd, or whoever started this process, hands over (`LISTEN_FDS`); else
/// binds one.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    match inherited().map_err(ServeError::Socket)? {
        Some(listener) => {
            let address = listener.local_addr().map_err(ServeError::Socket)?;
            tracing::info!(%address, inherited = true, "listening");
            Ok(listener)
        }
        None => Ok(service_kit::bind(address).await?),
    }
}

fn inherited() -> io::Result<Option<TcpListener>> {
    let Some(listener) = ListenFd::from_env().take_tcp_listener(0)? else { return Ok(None) };
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener).map(Some)
}
