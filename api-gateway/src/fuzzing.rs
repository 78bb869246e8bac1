//! What must hold for whatever bytes a stranger sends: called by the targets in `fuzz/`, and by a test over
//! the seeds in `fuzz/corpus` and over random bytes.
//!
//! Each function panics when an invariant does not hold. Not here: HTTP's framing, which is hyper's, and bodies.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header};
use contract::{Descriptor, ImportMap, Manifest};
use percent_encoding::percent_decode_str;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    cache,
    cookies::values,
    identity::cookies as tokens,
    layers,
    networks::Networks,
    proxy,
    session::{SessionId, Sessions},
};

const NOW: u64 = 1_000_000;
const NEW: SessionId = SessionId([0xee; 16]);

/// Lines of `name: value`. What an upstream gets has no header of a connection and none that the caller made up.
pub fn headers(data: &[u8]) {
    let received = head(data);

    let peer = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
    let nobody = layers::client::client(peer, &HeaderMap::new(), &Networks::default());
    assert_eq!(nobody, peer);
    let trusted = Networks::parse(["10.0.0.0/8"].into_iter()).unwrap_or_default();
    let client = layers::client::client(peer, &received, &trusted);
    assert_eq!(client, client.to_canonical());

    // A directive that forbids to keep is not lost beside others.
    let mut forbidden = received.clone();
    forbidden.append(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    assert!(cache::wish::Wish::of(&Method::GET, "/api/a/x", &forbidden).is_none());

    let sent = proxy::headers::to_upstream(received, Some(client), NEW);
    for name in ["connection", "transfer-encoding", "upgrade", "te", "trailer", "forwarded"] {
        assert!(!sent.contains_key(name), "{name}");
    }
    let told: Vec<_> = sent.get_all("x-forwarded-for").iter().collect();
    assert_eq!(told, [client.to_string().as_str()]);
    let sessions: Vec<_> =
        sent.get_all(service_kit::SESSION).iter().map(HeaderValue::as_bytes).collect();
    assert_eq!(sessions, [NEW.hex()]);
}

/// A target, and in a second line a `Host`. What is let through is a path with one host, and a path that names a
/// domain hides no step and no slash, also not when it is decoded.
pub fn path(data: &[u8]) {
    let mut lines = data.split(|byte| *byte == b'\n');
    let Ok(uri) = Uri::try_from(lines.next().unwrap_or_default()) else { return };
    let mut request = Request::new(());
    *request.uri_mut() = uri;
    if let Some(host) = lines.next().and_then(|line| HeaderValue::from_bytes(line).ok()) {
        request.headers_mut().insert(header::HOST, host);
    }
    if layers::target::simplify(&mut request).is_err() {
        return;
    }
    assert!(request.uri().authority().is_none());
    let hosts: Vec<_> = request.headers().get_all(header::HOST).iter().collect();
    assert!(hosts.len() <= 1 && hosts.iter().all(|host| !host.as_bytes().contains(&b'@')));

    let path = request.uri().path();
    let Some(domain) = proxy::path::domain(path) else { return };
    assert!(path.starts_with("/api/") && !domain.contains('/'));
    let decoded: Vec<u8> = percent_decode_str(path).collect();
    assert!(!decoded.contains(&b'\\') && !decoded.contains(&0), "{path}");
    let segments = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'/').count();
    assert_eq!(segments(path.as_bytes()), segments(&decoded), "{path}");
    for segment in decoded.split(|byte| *byte == b'/') {
        assert!(segment != b"." && segment != b"..", "{path}");
    }
}

/// JSON. A manifest or descriptor that is read is written as what is read again as the same, and nothing that is
/// made of it for a page panics.
pub fn manifest(data: &[u8]) {
    same_again::<Descriptor>(data);
    let Some(manifest) = same_again::<Manifest>(data) else { return };
    drop(ImportMap::from(&manifest));
    for (name, state) in &manifest.remotes {
        let _misfit = contract::misfit(&state.active.contract, &manifest.host_contract);
        for bucket in [0, contract::BUCKETS - 1] {
            let release = state.for_bucket(name, bucket);
            assert!(state.loadable().any(|(_, loadable)| loadable == release));
        }
        for route in &state.active.routes {
            let _best = contract::best_match(&manifest, &route.path);
        }
    }
}

/// A `Cookie`. A session is only what we signed, whatever stands beside it; no token gets to an upstream.
pub fn cookies(data: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(data) else { return };
    let request = HeaderMap::from_iter([(header::COOKIE, value)]);
    // Its secret is made up: nobody can have signed for it.
    let Ok(sessions) = Sessions::with(&[7; 32]) else { return };
    let seen = sessions.see(&request, NOW);
    assert_eq!(seen.id(), None);
    let caller = sessions.caller(seen, NOW, NEW.0);
    assert!(caller.session == NEW && caller.cookie.is_some());
    assert!(sessions.visit(&request, seen, NOW, [7; 24]).bucket < contract::BUCKETS);

    let mut passed = request;
    tokens::take_tokens(&mut passed);
    for value in passed.get_all(header::COOKIE) {
        for name in [tokens::ACCESS, tokens::REFRESH] {
            let given = format!("{name}=");
            // What begins a header is a cookie, however the rest is read.
            assert!(!value.as_bytes().starts_with(given.as_bytes()), "{name}");
        }
    }
    for name in [tokens::ACCESS, tokens::REFRESH] {
        assert_eq!(values(&passed, name).next(), None, "{name}");
    }
}

fn head(data: &[u8]) -> HeaderMap {
    let line = |line: &[u8]| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(line.get(..colon)?).ok()?;
        Some((name, HeaderValue::from_bytes(line.get(colon + 1..)?.trim_ascii()).ok()?))
    };
    let mut headers = HeaderMap::new();
    for (name, value) in data.split(|byte| *byte == b'\n').take(100).filter_map(line) {
        headers.append(name, value);
    }
    headers
}

fn same_again<T: DeserializeOwned + Serialize + PartialEq>(data: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(data).ok()?;
    let again = serde_json::to_vec(&read).ok();
    let again: Option<T> = again.and_then(|written| serde_json::from_slice(&written).ok());
    assert!(again.as_ref() == Some(&read), "written and read, it is another one");
    Some(read)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    type Target = (&'static str, fn(&[u8]));

    const TARGETS: [Target; 4] = [
        ("headers", super::headers),
        ("path", super::path),
        ("manifest", super::manifest),
        ("cookies", super::cookies),
    ];

    #[test]
    fn the_seeds_keep_every_invariant() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
        for (name, target) in TARGETS {
            let seeds: Vec<_> = std::fs::read_dir(corpus.join(name)).unwrap().collect();
            assert!(!seeds.is_empty(), "{name}");
            for seed in seeds {
                target(&std::fs::read(seed.unwrap().path()).unwrap());
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn random_bytes_keep_every_invariant(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            path in "/api/[a-c./%25eEfF\\\\]{0,20}",
        ) {
            for (_, target) in TARGETS {
                target(&bytes);
            }
            super::path(path.as_bytes());
        }
    }
}
