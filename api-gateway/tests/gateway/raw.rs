//! What no HTTP client sends, byte by byte, to the real server in front of an upstream that writes down what it
//! gets.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use api_gateway::serve_on;
use axum::{Router, body::to_bytes, extract::Request, routing::any};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{Site, serve, soon};

/// `METHOD path body` of each request that reached the upstream.
pub(crate) type Seen = Arc<Mutex<Vec<String>>>;

/// A site in front of an upstream for `alpha` that answers 200 and remembers.
pub(crate) async fn recorded() -> (Site, SocketAddr, Seen) {
    let seen = Seen::default();
    let record = {
        let seen = seen.clone();
        any(async move |request: Request| {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
            let body = String::from_utf8_lossy(&body).into_owned();
            let line = format!("{} {} {body}", parts.method, parts.uri).trim_end().to_owned();
            seen.lock().unwrap().push(line);
            "seen"
        })
    };
    let upstream = serve(Router::new().fallback(record)).await;
    let site = Site::new(&format!("alpha={upstream}")).await;
    let address = listen(&site).await;
    (site, address, seen)
}

/// Serves with the gateway's own server, as the process does.
pub(crate) async fn listen(site: &Site) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve_on(listener, site.state.clone(), std::future::pending()));
    address
}

/// Sends the bytes and reads what comes until nothing does for a moment, or the end.
pub(crate) async fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // It may be refused before it was read to its end.
    stream.write_all(bytes).await.ok();
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    while let Ok(Ok(read @ 1..)) =
        tokio::time::timeout(Duration::from_millis(500), stream.read(&mut part)).await
    {
        answer.extend_from_slice(&part[..read]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Status codes of all answers in a stream of bytes.
pub(crate) fn statuses(answer: &str) -> Vec<u16> {
    let heads = answer.split("HTTP/1.").skip(1);
    heads.map(|head| head[2..5].parse().unwrap()).collect()
}

async fn statuses_for(address: SocketAddr, text: &str) -> Vec<u16> {
    statuses(&soon(exchange(address, text.as_bytes())).await)
}

#[tokio::test]
async fn a_body_has_one_length_or_is_refused() {
    let (_site, address, seen) = recorded().await;
    for (what, framing) in [
        ("two lengths", "Content-Length: 3\r\nContent-Length: 40\r\n\r\nabc"),
        ("two in one", "Content-Length: 3, 40\r\n\r\nabc"),
        ("a sign", "Content-Length: +3\r\n\r\nabc"),
        ("negative", "Content-Length: -1\r\n\r\n"),
        ("hexadecimal", "Content-Length: 0x3\r\n\r\nabc"),
        ("too long a number", "Content-Length: 99999999999999999999999\r\n\r\nabc"),
        ("chunked is not last", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        ("not chunked", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        ("a space before the colon", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        ("a folded line", "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
        ("a folded header", "X-A: a\r\n b\r\nContent-Length: 0\r\n\r\n"),
        ("a NUL", "X-A: a\0b\r\nContent-Length: 0\r\n\r\n"),
        ("a bare CR", "X-A: a\rb\r\nContent-Length: 0\r\n\r\n"),
        ("a name with a space", "X A: b\r\nContent-Length: 0\r\n\r\n"),
        ("a chunk of no number", "Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n"),
    ] {
        let request = format!("POST /api/alpha/x HTTP/1.1\r\nHost: a\r\n{framing}");
        let answered = statuses_for(address, &request).await;
        // A body that breaks while it is read has reached the upstream as one that broke off.
        assert!(matches!(answered[..], [400 | 502]), "{what}: {answered:?}");
    }
    let seen = seen.lock().unwrap();
    assert!(seen.iter().all(|line| line == "POST /api/alpha/x"), "nothing of a body: {seen:?}");
}

#[tokio::test]
async fn nothing_is_smuggled_behind_a_body() {
    let (_site, address, seen) = recorded().await;
    let hidden = "GET /api/alpha/hidden HTTP/1.1\r\nHost: a\r\n\r\n";
    let smuggled = [
        // The length says more than the chunks: who believes it takes the hidden request for the body.
        format!(
            "Content-Length: {}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            hidden.len() + 5
        ),
        format!(
            "Transfer-Encoding: chunked\r\nContent-Length: {}\r\n\r\n0\r\n\r\n",
            hidden.len() + 5
        ),
        // And less: who believes it takes the chunks' rest for a request.
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n".to_owned(),
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n".to_owned(),
    ];
    for framing in smuggled {
        seen.lock().unwrap().clear();
        let request = format!("POST /api/alpha/x HTTP/1.1\r\nHost: a\r\n{framing}{hidden}");
        let answered = statuses_for(address, &request).await;
        // One reading only: refused, or chunks count. What follows is then a request of its own for both
        // of us, or the connection is closed before it.
        let seen = seen.lock().unwrap().clone();
        match answered[..] {
            [400] => assert_eq!(seen.len(), 0, "{framing:?}: {seen:?}"),
            [200] => assert_eq!(seen.len(), 1, "{framing:?}: {seen:?}"),
            [200, 200] => assert_eq!(seen[1..], ["GET /api/alpha/hidden"], "{framing:?}"),
            _ => panic!("{framing:?}: {answered:?}"),
        }
        assert!(seen.iter().all(|line| !line.contains("HTTP/1.1")), "{framing:?}: {seen:?}");
    }
}

#[tokio::test]
async fn a_path_that_reads_in_two_ways_is_refused() {
    let (_site, address, seen) = recorded().await;
    for path in [
        "/api/alpha/../beta",
        "/api/alpha/%2e%2e/beta",
        "/api/alpha/.%2E/beta",
        "/api/alpha//x",
        "/api//alpha/x",
        "/api/alpha/x%2fy",
        "/api/alpha/x%5cy",
        "/api/alpha/x\\y",
        "/api/alpha/%00",
        "http://site.example/api/alpha/../beta",
    ] {
        let answered =
            statuses_for(address, &format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")).await;
        assert_eq!(answered, [400], "{path}");
    }
    for request in
        ["GET /api/alpha/\0 HTTP/1.1", "GET /api/al pha HTTP/1.1", "GET api/alpha HTTP/1.1"]
    {
        let answered = statuses_for(address, &format!("{request}\r\nHost: a\r\n\r\n")).await;
        assert_eq!(answered, [400], "{request:?}");
    }
    for (path, status) in [
        ("/registry/v1/../../api/alpha/x", 404),
        ("/remotes/alpha/../../api/alpha/x", 404),
        ("/remotes/alpha/0.1.0/%2e%2e%2f%2e%2e%2fmanifest%2fcurrent", 404),
        ("/shell/..%2f..%2fsession.secret", 404),
        ("//api/alpha/x.js", 404),
    ] {
        let answered =
            statuses_for(address, &format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")).await;
        assert_eq!(answered, [status], "{path}");
    }
    assert_eq!(*seen.lock().unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_request_names_one_host() {
    let (_site, address, seen) = recorded().await;
    for hosts in [
        "",
        "Host: a\r\nHost: b\r\n",
        "Host: a, b\r\n",
        "Host: a@b\r\n",
        "Host: a/b\r\n",
        "Host: \r\n",
    ] {
        let answered =
            statuses_for(address, &format!("GET /api/alpha/x HTTP/1.1\r\n{hosts}\r\n")).await;
        assert_eq!(answered, [400], "{hosts:?}");
    }
    assert_eq!(*seen.lock().unwrap(), Vec::<String>::new());
    for request in [
        // The URI counts, and the upstream sees a plain path.
        "GET http://site.example/api/alpha/x HTTP/1.1\r\nHost: other.example\r\n\r\n",
        "GET /api/alpha/x HTTP/1.0\r\n\r\n",
    ] {
        assert_eq!(statuses_for(address, request).await, [200], "{request:?}");
    }
    assert_eq!(*seen.lock().unwrap(), ["GET /api/alpha/x"; 2]);
    for method in ["TRACE /api/alpha/x", "CONNECT a:80"] {
        let answered =
            statuses_for(address, &format!("{method} HTTP/1.1\r\nHost: a\r\n\r\n")).await;
        assert!(matches!(answered[..], [404 | 405]), "{method}: {answered:?}");
    }
    assert_eq!(seen.lock().unwrap().len(), 2);
}
