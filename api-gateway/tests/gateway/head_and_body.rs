//! Heads and bodies within limits, in reasonable time, over so many connections.

use std::time::Duration;

use api_gateway::{BodyLimits, Config, ConnectionLimits};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep},
};

use crate::{
    Site,
    raw::{exchange, listen, recorded, statuses},
    soon,
};

/// Changes a site's configuration while it serves.
fn change(site: &Site, change: impl FnOnce(&mut Config)) {
    let mut config = site.state.config();
    change(&mut config);
    site.state.reconfigure(config).unwrap();
}

#[tokio::test]
async fn a_head_that_is_too_large_is_431() {
    let (_site, address, seen) = recorded().await;
    let many: String = (0..150).map(|n| format!("X-{n}: 1\r\n")).collect();
    let long = format!("X-Long: {}\r\n", "x".repeat(100 << 10));
    for headers in [many, long] {
        let request = format!("GET /api/alpha/x HTTP/1.1\r\nHost: a\r\n{headers}\r\n");
        let answered = statuses(&soon(exchange(address, request.as_bytes())).await);
        assert_eq!(answered, [431], "{} bytes", request.len());
    }
    let path = "x".repeat(70 << 10);
    let request = format!("GET /api/alpha/{path} HTTP/1.1\r\nHost: a\r\n\r\n");
    let answered = statuses(&soon(exchange(address, request.as_bytes())).await);
    assert!(matches!(answered[..], [414 | 431]), "{answered:?}");
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_body_that_is_too_large_is_413_announced_or_not() {
    let (site, address, _) = recorded().await;
    change(&site, |config| config.body = BodyLimits { bytes: 1000, ..BodyLimits::default() });
    let body = "x".repeat(1001);
    for framing in [
        format!("Content-Length: 1001\r\n\r\n{body}"),
        format!("Transfer-Encoding: chunked\r\n\r\n3e9\r\n{body}\r\n0\r\n\r\n"),
    ] {
        let request = format!("POST /api/alpha/x HTTP/1.1\r\nHost: a\r\n{framing}");
        let answer = soon(exchange(address, request.as_bytes())).await;
        assert_eq!(statuses(&answer), [413], "{answer}");
        assert!(answer.contains("/problems/body-too-large"), "{answer}");
    }
    let request = "POST /api/alpha/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
    assert_eq!(statuses(&soon(exchange(address, request.as_bytes())).await), [200]);
}

#[tokio::test]
async fn a_body_that_drips_is_408() {
    let (site, address, _) = recorded().await;
    change(&site, |config| {
        let idle = Duration::from_millis(300);
        config.body = BodyLimits { idle, bytes_per_second: 1000, ..BodyLimits::default() };
    });
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /api/alpha/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let drip = tokio::spawn(async move {
        while write.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    });
    let mut answer = [0; 1024];
    let length = soon(read.read(&mut answer)).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert_eq!(statuses(&answer), [408], "{answer}");
    drip.abort();
}

#[tokio::test]
async fn a_pause_within_the_limits_is_not_the_services_delay() {
    let (site, address, _) = recorded().await;
    change(&site, |config| config.timeouts.head = Duration::from_millis(200));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let begun = "POST /api/alpha/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo";
    stream.write_all(begun.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(900)).await;
    stream.write_all(b"dy").await.unwrap();
    let mut answer = [0; 1024];
    let length = soon(stream.read(&mut answer)).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert_eq!(statuses(&answer), [200], "{answer}");
}

#[tokio::test]
async fn a_head_that_drips_is_given_up() {
    let (site, address, seen) = recorded().await;
    change(&site, |config| config.connections.head = Duration::from_millis(300));
    let begun = Instant::now();
    for first in ["", "GET /api/alpha/x HTTP/1.1\r\nHost: a\r\nX-"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(first.as_bytes()).await.unwrap();
        let drip = async {
            while stream.write_all(b"x").await.is_ok() {
                sleep(Duration::from_millis(50)).await;
            }
        };
        soon(drip).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn one_address_has_so_many_connections() {
    let (site, address, _) = recorded().await;
    change(&site, |config| {
        config.connections = ConnectionLimits { per_address: 3, ..config.connections };
    });
    let request = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    let open = async || {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request).await.ok();
        let mut answer = [0; 12];
        let answered = stream.read_exact(&mut answer).await.is_ok();
        (stream, answered)
    };
    let mut held = Vec::new();
    for expected in [true, true, true, false] {
        let (stream, answered) = soon(open()).await;
        assert_eq!(answered, expected);
        held.push(stream);
    }
    held.clear();
    // The server learns of it in its own time.
    let again = async {
        while !open().await.1 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    soon(again).await;
    let exempt = crate::networks(&["127.0.0.0/8"]);
    change(&site, |config| {
        config.connections = ConnectionLimits { per_address: 1, ..config.connections };
        config.limits.exempt = exempt;
    });
    for _ in 0..5 {
        let (stream, answered) = soon(open()).await;
        assert!(answered, "our own machines have no limit");
        held.push(stream);
    }
}

#[tokio::test]
async fn a_connection_that_only_idles_is_closed() {
    let site = Site::new("").await;
    change(&site, |config| config.connections.head = Duration::from_millis(200));
    let mut stream = TcpStream::connect(listen(&site).await).await.unwrap();
    let mut rest = Vec::new();
    soon(stream.read_to_end(&mut rest)).await.unwrap();
}
