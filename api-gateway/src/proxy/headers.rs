//! Which headers cross the gateway, each way.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use service_kit::{REQUEST_ID, SESSION, is_told};

use crate::{layers::client::FORWARDED_FOR, session::SessionId};

/// Which bundle asks, `<name>@<version>`: set by the host that it runs under.
pub(crate) const REMOTE: HeaderName = HeaderName::from_static("x-asterism-remote");
const SESSION_ID: HeaderName = HeaderName::from_static(SESSION);
pub(crate) const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Tells whether a header is of one connection, and never of the message (RFC 9110, 7.6.1).
fn is_hop_by_hop(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "expect"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "proxy-connection"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    )
}

/// Tells whether callers say by a header of themselves what only the edge can know.
fn is_claimed(name: &str) -> bool {
    matches!(
        name,
        SESSION
            | "forwarded"
            | "x-forwarded-for"
            | "x-forwarded-host"
            | "x-forwarded-port"
            | "x-real-ip"
    )
}

/// Tells whether a header is set by our own middleware, so that `Connection` cannot name it away.
fn is_ours(name: &str) -> bool {
    matches!(name, REQUEST_ID | "traceparent" | "x-forwarded-proto") || is_told(name)
}

/// `Cache-Control` of an answer that gives a session: a shared cache that kept it would give one visitor's
/// session to all.
pub(crate) const UNSHARED: HeaderValue = HeaderValue::from_static("no-store, private");

/// Returns the headers for the upstream. `Host` is left to the client, which knows the upstream.
pub(crate) fn to_upstream(
    received: HeaderMap,
    peer: Option<IpAddr>,
    session: SessionId,
) -> HeaderMap {
    let mut headers = without(received, |name| is_hop_by_hop(name) || is_claimed(name));
    if let Some(cookies) = joined(&headers) {
        headers.insert(header::COOKIE, cookies);
    }
    if let Some(host) = headers.remove(header::HOST) {
        headers.insert(FORWARDED_HOST, host);
    }
    if let Some(peer) = peer.and_then(value) {
        headers.insert(FORWARDED_FOR, peer);
    }
    // Digits are a header's value.
    if let Ok(session) = HeaderValue::from_bytes(&session.hex()) {
        headers.insert(SESSION_ID, session);
    }
    headers
}

/// Removes the headers that are unwanted by their names. Going through the few that there are takes less than
/// looking for each that might be.
pub(crate) fn remove(headers: &mut HeaderMap, unwanted: impl Fn(&str) -> bool) {
    let found: Vec<HeaderName> =
        headers.keys().filter(|name| unwanted(name.as_str())).cloned().collect();
    for name in found {
        headers.remove(name);
    }
}

/// Returns an address as a header's value.
fn value(address: IpAddr) -> Option<HeaderValue> {
    let text = match address {
        // Without `fmt`, which takes longer than all else that is done to the headers.
        IpAddr::V4(address) => {
            let ([a, b, c, d], mut digits) = (address.octets(), [itoa::Buffer::new(); 4]);
            let [w, x, y, z] = &mut digits;
            [w.format(a), ".", x.format(b), ".", y.format(c), ".", z.format(d)].concat()
        }
        IpAddr::V6(address) => address.to_string(),
    };
    HeaderValue::try_from(text).ok()
}

/// Returns the cookies of a request as one header, when HTTP/2 split them (RFC 9113, 8.2.3).
fn joined(headers: &HeaderMap) -> Option<HeaderValue> {
    let values = headers.get_all(header::COOKIE);
    values.iter().nth(1)?;
    let values: Vec<_> = values.iter().map(HeaderValue::as_bytes).collect();
    HeaderValue::from_bytes(&values.join(&b"; "[..])).ok()
}

/// Puts the cookie that is to be set into the head of an answer.
pub(super) fn give(headers: &mut HeaderMap, cookie: Option<(HeaderName, HeaderValue)>) {
    if let Some((name, value)) = cookie {
        headers.append(name, value);
        headers.insert(header::CACHE_CONTROL, UNSHARED);
    }
}

/// Returns the headers that are the message's, and not the connection's.
pub(super) fn end_to_end(headers: HeaderMap) -> HeaderMap {
    without(headers, is_hop_by_hop)
}

/// Returns the headers but for the `unwanted` ones and those that `Connection` names.
fn without(mut headers: HeaderMap, unwanted: impl Fn(&str) -> bool) -> HeaderMap {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        // Most say no more than this, and what goes anyway need not be parsed.
        .filter(|name| !unwanted(name))
        .filter_map(|name| name.parse().ok())
        .filter(|name: &HeaderName| !is_ours(name.as_str()))
        .collect();
    remove(&mut headers, unwanted);
    for name in named {
        headers.remove(name);
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALPHA: SessionId = SessionId([0xaa; 16]);

    fn map(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn headers_of_the_connection_stay_behind_both_ways() {
        let received = map(&[
            ("connection", "close, X-Session-Hop"),
            ("connection", "x-request-id"),
            ("keep-alive", "timeout=5"),
            ("te", "trailers"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "websocket"),
            ("proxy-authorization", "Basic eA=="),
            ("x-session-hop", "1"),
            ("x-request-id", "id"),
            ("content-type", "application/json"),
            ("accept", "a"),
            ("accept", "b"),
        ]);
        let kept = map(&[
            ("x-request-id", "id"),
            ("content-type", "application/json"),
            ("accept", "a"),
            ("accept", "b"),
        ]);
        assert_eq!(end_to_end(received.clone()), kept);
        let mut sent = to_upstream(received, None, ALPHA);
        assert_eq!(sent.remove(SESSION).unwrap(), "aa".repeat(16).as_str());
        assert_eq!(sent, kept);
    }

    #[test]
    fn only_the_edge_says_who_asks() {
        let received = map(&[
            ("host", "site.example"),
            ("x-forwarded-for", "1.2.3.4"),
            ("x-real-ip", "1.2.3.4"),
            ("forwarded", "for=1.2.3.4"),
            ("x-forwarded-proto", "https"),
            ("x-asterism-session", "bb"),
            ("x-asterism-session", "cc"),
            ("connection", "x-asterism-session, x-forwarded-proto"),
            // What `identity` said, which is not taken away by naming it.
            ("x-asterism-account", "a1"),
            ("connection", "x-asterism-account, x-asterism-roles"),
        ]);
        let expected = map(&[
            ("x-asterism-account", "a1"),
            ("x-forwarded-host", "site.example"),
            ("x-forwarded-for", "::1"),
            ("x-forwarded-proto", "https"),
            ("x-asterism-session", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ]);
        assert_eq!(to_upstream(received, Some("::1".parse().unwrap()), ALPHA), expected);
    }

    #[test]
    fn cookies_that_came_apart_go_on_as_one_header() {
        for (sent, expected) in [
            (&[("cookie", "a=1; b=2")][..], "a=1; b=2"),
            (
                &[("cookie", "a=1"), ("x", "y"), ("cookie", "b=2"), ("cookie", "c=3; d=4")],
                "a=1; b=2; c=3; d=4",
            ),
        ] {
            let headers = to_upstream(map(sent), None, ALPHA);
            let cookies: Vec<_> = headers.get_all("cookie").iter().collect();
            assert_eq!(cookies, [expected]);
        }
        assert!(!to_upstream(map(&[]), None, ALPHA).contains_key("cookie"));
    }

    #[test]
    fn an_answer_that_gives_a_session_is_kept_by_no_cache() {
        let received = map(&[("set-cookie", "theirs=1"), ("cache-control", "public, max-age=60")]);
        let cookie = (header::SET_COOKIE, HeaderValue::from_static("ours=1"));
        let expected = map(&[
            ("set-cookie", "theirs=1"),
            ("set-cookie", "ours=1"),
            ("cache-control", "no-store, private"),
        ]);
        let mut given = received.clone();
        give(&mut given, None);
        assert_eq!(given, received);
        give(&mut given, Some(cookie));
        assert_eq!(given, expected);
    }
}
