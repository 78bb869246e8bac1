//! Web sockets: a request that asks to leave HTTP, and the bytes that flow after it.
//!
//! Only `websocket`: other protocols (`h2c` above all) would let a caller talk to the upstream past every
//! rule of the gateway. Not here: who may open one; frames are not looked at, their pings are the parties'.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version, header, request::Parts};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::{io::copy_bidirectional, sync::watch};

use crate::upstream::pool::Lease;

const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");
const UPGRADE: HeaderValue = HeaderValue::from_static("upgrade");

/// Returns the caller's side of the connection if the request asks for a web socket.
pub(super) fn wanted(parts: &mut Parts) -> Option<OnUpgrade> {
    let asks = parts.method == Method::GET
        && parts.version == Version::HTTP_11
        && to_websocket(&parts.headers);
    if asks { parts.extensions.remove::<OnUpgrade>() } else { None }
}

/// Says in a message's head that the connection becomes a web socket.
pub(super) fn announce(headers: &mut HeaderMap) {
    headers.insert(header::CONNECTION, UPGRADE);
    headers.insert(header::UPGRADE, WEBSOCKET);
}

/// Tells whether an answer agrees to it.
pub(super) fn agreed(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::SWITCHING_PROTOCOLS && to_websocket(headers)
}

fn to_websocket(headers: &HeaderMap) -> bool {
    let mut protocols = headers.get_all(header::UPGRADE).iter();
    let only = protocols.next().filter(|_| protocols.next().is_none());
    let is = only.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"));
    let mut named = headers.get_all(header::CONNECTION).iter().filter_map(|v| v.to_str().ok());
    let upgrade = |name: &str| name.trim().eq_ignore_ascii_case("upgrade");
    is && named.any(|value| value.split(',').any(upgrade))
}

/// Carries bytes both ways until either side ends, or the gateway stops.
pub(super) fn tunnel(
    caller: OnUpgrade,
    upstream: OnUpgrade,
    lease: Lease,
    mut stopped: watch::Receiver<bool>,
) {
    tokio::spawn(async move {
        let both = async {
            let (caller, upstream) = tokio::try_join!(caller, upstream)?;
            let (mut caller, mut upstream) = (TokioIo::new(caller), TokioIo::new(upstream));
            copy_bidirectional(&mut caller, &mut upstream).await?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        };
        tokio::select! {
            ended = both => {
                if let Err(error) = ended {
                    // Who closes a page breaks its sockets: no news.
                    tracing::debug!(cause = service_kit::chain(&*error), "web socket broken off");
                }
            }
            _ = stopped.wait_for(|stopped| *stopped) => {}
        }
        lease.ended();
    });
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{announce, to_websocket};

    #[test]
    fn only_a_websocket_and_only_when_the_connection_says_so() {
        let asks = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            to_websocket(&headers)
        };
        assert!(asks(&[("connection", "keep-alive, Upgrade"), ("upgrade", "WebSocket")]));
        for pairs in [
            &[][..],
            &[("upgrade", "websocket")],
            &[("connection", "upgrade")],
            &[("connection", "upgrade"), ("upgrade", "h2c")],
            &[("connection", "upgrade"), ("upgrade", "websocket, h2c")],
            &[("connection", "upgrade"), ("upgrade", "websocket"), ("upgrade", "h2c")],
            &[("connection", "upgraded"), ("upgrade", "websocket")],
        ] {
            assert!(!asks(pairs), "{pairs:?}");
        }
        let mut headers = HeaderMap::new();
        announce(&mut headers);
        assert!(to_websocket(&headers));
    }
}
