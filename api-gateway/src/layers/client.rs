//! Who is at the other end, also behind proxies that are trusted to tell.
//!
//! After this, [`ConnectInfo`] holds the client's address, and `x-forwarded-proto` is ours and true. Proxies must
//! keep `Host`, and append to `X-Forwarded-For`.
//!
//! Not here: `Forwarded` (RFC 7239) and the PROXY protocol; who sends only these is taken for the client.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue},
    response::Response,
};
use service_kit::Around;

use crate::{AppState, networks::Networks, server::OverTls};

pub(crate) const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
pub(crate) const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Marks a request that the client sent over https, to us or to a proxy that is trusted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Https;

/// Returns from where a request comes, once this was found out.
pub(crate) fn client_address(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())
}

/// Finds out, and tells what is inside.
pub(super) struct Known(pub(super) AppState);

impl Around for Known {
    type Kept = ();

    fn before(&self, request: &mut Request) -> Result<(), Box<Response>> {
        find_out(&self.0, request);
        Ok(())
    }
}

fn find_out(state: &AppState, request: &mut Request) {
    let current = state.current();
    let trusted = &current.config.trusted_proxies;
    let tls = request.extensions().get::<OverTls>().is_some();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let by_proxy = peer.is_some_and(|peer| trusted.contain(peer.ip()));
    let https = if by_proxy { says_https(request.headers()).unwrap_or(tls) } else { tls };
    if let Some(peer) = peer.filter(|_| by_proxy) {
        let client = client(peer.ip(), request.headers(), trusted);
        // The port is the proxy's and tells nothing about the client.
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client, 0)));
    }
    if https {
        request.extensions_mut().insert(Https);
    }
    let proto = HeaderValue::from_static(if https { "https" } else { "http" });
    request.headers_mut().insert(FORWARDED_PROTO, proto);
}

/// Returns the client that the proxies tell of. Each appends whom it saw, so the list is believed from its
/// end for as long as it names proxies that are trusted.
pub(crate) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &Networks) -> IpAddr {
    let mut client = peer;
    let values: Vec<&str> =
        headers.get_all(FORWARDED_FOR).iter().map(|v| v.to_str().unwrap_or_default()).collect();
    for told in values.iter().rev().flat_map(|value| value.rsplit(',')) {
        let Some(address) = address(told.trim()) else { break };
        client = address;
        if !trusted.contain(address) {
            break;
        }
    }
    client.to_canonical()
}

/// An address, which some proxies write with its port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(bare).or_else(with_port)
}

/// What the nearest proxy says, when it says anything.
fn says_https(headers: &HeaderMap) -> Option<bool> {
    let last = headers.get_all(FORWARDED_PROTO).iter().next_back()?.to_str().ok()?;
    let proto = last.rsplit(',').next()?.trim();
    Some(proto.eq_ignore_ascii_case("https"))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::{client, says_https};
    use crate::networks::Networks;

    fn headers(name: &'static str, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn only_what_trusted_proxies_appended_is_believed() {
        let trusted = Networks::parse(["10.0.0.0/8"].into_iter()).unwrap();
        for (told, expected) in [
            (&[][..], "10.0.0.1"),
            (&["192.0.2.1"], "192.0.2.1"),
            // A client that names somebody else is seen behind what it says.
            (&["6.6.6.6, 192.0.2.1"], "192.0.2.1"),
            (&["6.6.6.6, 192.0.2.1, 10.9.9.9"], "192.0.2.1"),
            (&["6.6.6.6", "192.0.2.1", "10.9.9.9"], "192.0.2.1"),
            (&["10.0.0.7, 10.0.0.8"], "10.0.0.7"),
            (&["192.0.2.1, nonsense, 10.9.9.9"], "10.9.9.9"),
            (&["192.0.2.1:5000"], "192.0.2.1"),
            (&["[2001:db8::1]:5000"], "2001:db8::1"),
            (&["[2001:db8::1]"], "2001:db8::1"),
            (&["::ffff:192.0.2.1"], "192.0.2.1"),
            (&["", "192.0.2.1,"], "10.0.0.1"),
        ] {
            let found =
                client("10.0.0.1".parse().unwrap(), &headers("x-forwarded-for", told), &trusted);
            assert_eq!(found.to_string(), expected, "{told:?}");
        }
    }

    #[test]
    fn the_nearest_proxy_knows_the_protocol() {
        for (told, expected) in [
            (&[][..], None),
            (&["https"], Some(true)),
            (&["HTTP"], Some(false)),
            (&["https, http"], Some(false)),
            (&["http", "https"], Some(true)),
        ] {
            assert_eq!(says_https(&headers("x-forwarded-proto", told)), expected, "{told:?}");
        }
    }
}
