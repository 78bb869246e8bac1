//! A web socket passes; no other protocol does.

use api_gateway::Config;
use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::any,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{Site, raw, serve, soon};

/// Agrees, then sends back what it gets, in capitals.
async fn shouts(mut request: Request) -> Response {
    let asked = |name| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    if asked("upgrade").as_deref() != Some("websocket") {
        let told = format!("{:?} {:?}", asked("upgrade"), asked("connection"));
        return (StatusCode::UPGRADE_REQUIRED, told).into_response();
    }
    let accept = asked("sec-websocket-key").unwrap();
    assert!(asked("x-asterism-session").is_some());
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let mut io = TokioIo::new(upgraded.await.unwrap());
        let mut piece = [0; 1024];
        while let Ok(read @ 1..) = io.read(&mut piece).await {
            io.write_all(&piece[..read].to_ascii_uppercase()).await.unwrap();
        }
        io.shutdown().await.ok();
    });
    let headers =
        [("connection", "upgrade"), ("upgrade", "websocket"), ("sec-websocket-accept", &accept)];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

async fn site() -> (Site, String) {
    let upstream = serve(Router::new().fallback(any(shouts))).await;
    let site = Site::new(&format!("alpha={upstream}")).await;
    let gateway = format!("http://{}", raw::listen(&site).await);
    (site, gateway)
}

/// Sends a request by hand; returns the connection and the head of the answer.
async fn dial(gateway: &str, headers: &str) -> (TcpStream, String) {
    let address = gateway.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET /api/alpha/socket HTTP/1.1\r\nhost: x\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(soon(stream.read_u8()).await.unwrap());
    }
    (stream, String::from_utf8(answer).unwrap().to_ascii_lowercase())
}

const WEBSOCKET: &str = "connection: Upgrade\r\nupgrade: WebSocket\r\nsec-websocket-key: abc\r\n";

#[tokio::test]
async fn bytes_flow_both_ways_until_one_side_ends() {
    let (_site, gateway) = site().await;
    let (mut stream, head) = dial(&gateway, WEBSOCKET).await;
    assert!(head.starts_with("http/1.1 101 "), "{head}");
    for header in ["connection: upgrade\r\n", "upgrade: websocket\r\n", "accept: abc\r\n"] {
        assert!(head.contains(header), "{head}");
    }
    for text in ["hello", "again"] {
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut back = [0; 5];
        soon(stream.read_exact(&mut back)).await.unwrap();
        assert_eq!(back.to_ascii_lowercase(), text.as_bytes());
    }
    stream.shutdown().await.unwrap();
    assert_eq!(soon(stream.read(&mut [0; 1])).await.unwrap(), 0, "its end passes too");
}

#[tokio::test]
async fn another_sites_page_opens_none() {
    let (site, gateway) = site().await;
    let from = async |headers: &str| dial(&gateway, &[WEBSOCKET, headers].concat()).await.1;
    for (headers, passes) in [
        ("origin: http://x\r\n", true),
        ("origin: http://x\r\nsec-fetch-site: same-origin\r\n", true),
        // A sibling, to which browsers send the visitor's cookies all the same.
        ("origin: http://other.x\r\nsec-fetch-site: same-site\r\n", false),
        ("origin: http://other.x\r\n", false),
        ("origin: null\r\n", false),
    ] {
        let head = from(headers).await;
        let status = if passes { "http/1.1 101 " } else { "http/1.1 403 " };
        assert!(head.starts_with(status), "{headers}: {head}");
    }
    let cors_origins = vec!["http://other.x".to_owned()];
    site.state.reconfigure(Config { cors_origins, ..site.state.config() }).unwrap();
    let head = from("origin: http://other.x\r\nsec-fetch-site: same-site\r\n").await;
    assert!(head.starts_with("http/1.1 101 "), "on the list: {head}");
}

#[tokio::test]
async fn no_other_protocol_passes() {
    let (_site, gateway) = site().await;
    for headers in [
        "connection: upgrade\r\nupgrade: h2c\r\n",
        "connection: upgrade\r\nupgrade: h2c, websocket\r\n",
        "upgrade: websocket\r\n",
    ] {
        let (mut stream, head) = dial(&gateway, &[headers, "content-length: 0\r\n"].concat()).await;
        assert!(head.starts_with("http/1.1 426 "), "{head}");
        let mut told = [0; 9];
        soon(stream.read_exact(&mut told)).await.unwrap();
        assert_eq!(&told, b"None None", "the upstream does not hear of it");
    }
}

#[tokio::test]
async fn an_upstream_that_switches_unasked_is_refused() {
    let switches = || async {
        let headers = HeaderMap::from_iter([
            ("connection".parse().unwrap(), "upgrade".parse().unwrap()),
            ("upgrade".parse().unwrap(), "websocket".parse().unwrap()),
        ]);
        (StatusCode::SWITCHING_PROTOCOLS, headers)
    };
    let upstream = serve(Router::new().fallback(any(switches))).await;
    let site = Site::new(&format!("alpha={upstream}")).await;
    let answer = soon(site.get("/api/alpha/x", &[])).await;
    assert_eq!(answer.problem(), (502, "upstream-nonsense".to_owned()));
}
