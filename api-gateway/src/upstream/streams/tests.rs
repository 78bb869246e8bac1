use std::fmt::Write;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body as _;
use http_body_util::BodyExt;
use proptest::{collection::vec, prelude::*};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::{Broken, EventStream, LONGEST, Opening};

fn request(method: Method, accept: &str, body: Body) -> Request<Body> {
    let request = Request::builder().method(method).uri("/a%20b?c=d").header("host", "a:1");
    request.header("accept", accept).header("x-name", "väl".as_bytes()).body(body).unwrap()
}

fn opening() -> Opening {
    Opening::of(&request(Method::GET, "text/event-stream", Body::empty())).unwrap()
}

async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ours = TcpStream::connect(listener.local_addr().unwrap());
    let (ours, theirs) = tokio::join!(ours, listener.accept());
    (ours.unwrap(), theirs.unwrap().0)
}

/// Answers with these pieces, each written by itself, and returns the request.
fn answering(mut to: TcpStream, pieces: Vec<Vec<u8>>) -> JoinHandle<String> {
    tokio::spawn(async move {
        to.set_nodelay(true).unwrap();
        let mut request = vec![0; 4096];
        let length = to.read(&mut request).await.unwrap();
        for piece in pieces {
            // Who has heard enough hangs up.
            if to.write_all(&piece).await.is_err() {
                break;
            }
            tokio::task::yield_now().await;
        }
        String::from_utf8_lossy(&request[..length]).into_owned()
    })
}

async fn ask(pieces: Vec<Vec<u8>>) -> Result<Response<Option<EventStream>>, Broken> {
    let (ours, theirs) = pair().await;
    answering(theirs, pieces);
    opening().send(ours).await
}

async fn read(body: Option<EventStream>) -> Result<Bytes, Broken> {
    match body {
        Some(body) => Ok(body.collect().await?.to_bytes()),
        None => Ok(Bytes::new()),
    }
}

async fn text(answer: &str) -> Result<(StatusCode, Bytes), Broken> {
    let answer = ask(vec![answer.as_bytes().to_vec()]).await?;
    let status = answer.status();
    Ok((status, read(answer.into_body()).await?))
}

#[test]
fn only_requests_for_streams_are_its_own() {
    let is = |method, accept, body| Opening::of(&request(method, accept, body)).is_some();
    assert!(is(Method::GET, "text/event-stream", Body::empty()));
    assert!(!is(Method::GET, "text/html", Body::empty()));
    assert!(!is(Method::POST, "text/event-stream", Body::empty()));
    assert!(!is(Method::GET, "text/event-stream", Body::from("x")));
    let mut socket = request(Method::GET, "text/event-stream", Body::empty());
    socket.headers_mut().insert("upgrade", HeaderValue::from_static("websocket"));
    assert!(Opening::of(&socket).is_none());
}

#[tokio::test]
async fn a_request_is_sent_as_it_came() {
    let (ours, theirs) = pair().await;
    let sent = answering(theirs, vec![b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()]);
    let answer = opening().send(ours).await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert!(answer.body().is_none());
    let expected = "GET /a%20b?c=d HTTP/1.1\r\nhost: a:1\r\naccept: text/event-stream\r\n\
                    x-name: väl\r\n\r\n";
    assert_eq!(sent.await.unwrap(), expected);
}

#[tokio::test]
async fn the_head_is_the_upstreams() {
    let answer = "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n\
                  HTTP/1.1 404 Not Found\r\nx-a: 1\r\nx-a: 2\r\ncontent-length: 4\r\n\r\nnone";
    let answer = ask(vec![answer.into()]).await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert!(!answer.headers().contains_key("link"));
    assert_eq!(answer.headers().get_all("x-a").iter().count(), 2);
    let body = answer.into_body().unwrap();
    assert_eq!(body.size_hint().exact(), Some(4));
    assert_eq!(read(Some(body)).await.unwrap(), "none");
}

#[tokio::test]
async fn a_body_ends_as_its_head_says() {
    for (answer, expected) in [
        ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokand more", "ok"),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\n\r\nmore", "ok"),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: trailer\r\n\r\n", ""),
        ("HTTP/1.1 200 OK\r\n\r\nuntil it closes", "until it closes"),
        ("HTTP/1.0 200 OK\r\n\r\nold", "old"),
        ("HTTP/1.1 302 Found\r\nlocation: /y\r\ncontent-length: 4\r\n\r\nthat", "that"),
        ("HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n", ""),
        ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", ""),
    ] {
        assert_eq!(text(answer).await.unwrap().1, expected, "{answer}");
    }
}

#[tokio::test]
async fn what_breaks_off_is_told_apart_from_what_ends() {
    for answer in [
        "",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\no",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n",
    ] {
        let found = text(answer).await;
        assert!(matches!(found, Err(Broken::Closed)), "{answer}: {found:?}");
    }
    for answer in [
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnumber\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nokmore\r\n",
    ] {
        let found = text(answer).await;
        assert!(matches!(found, Err(Broken::Protocol(_))), "{answer}: {found:?}");
    }
}

#[tokio::test]
async fn nothing_is_collected_without_end() {
    let much = "a".repeat(4 * LONGEST);
    for begun in [
        "HTTP/1.1 200 OK\r\nx: ",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: ",
    ] {
        let found = text(&format!("{begun}{much}")).await;
        assert!(matches!(found, Err(Broken::TooLong)), "{begun}: {found:?}");
    }
}

#[tokio::test]
async fn a_piece_is_there_before_the_next_is_sent_and_leaves_no_memory_behind() {
    let (ours, mut theirs) = pair().await;
    theirs.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.unwrap();
    let mut body = opening().send(ours).await.unwrap().into_body().unwrap();
    for piece in ["5\r\nfirst\r\n", "6\r\nsecond\r\n", "5\r\nthird\r\n"] {
        theirs.write_all(piece.as_bytes()).await.unwrap();
        let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert!(piece.contains(str::from_utf8(&frame).unwrap()));
        assert_eq!(body.rest.capacity(), 0);
    }
    drop(body);
    let mut request = vec![0; 4096];
    while theirs.read(&mut request).await.is_ok_and(|read| read > 0) {}
}

#[test]
fn one_that_waits_is_small() {
    let size = size_of::<EventStream>();
    assert!(size <= 768, "{size}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However the network cuts it, what the upstream said is what the caller hears.
    #[test]
    fn pieces_may_be_cut_anywhere(
        pieces in vec(vec(any::<u8>(), 1..40), 0..8),
        cuts in vec(1_usize..30, 1..8),
    ) {
        let mut answer = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        for piece in &pieces {
            let mut size = String::new();
            write!(size, "{:x}\r\n", piece.len()).unwrap();
            answer.extend_from_slice(size.as_bytes());
            answer.extend_from_slice(piece);
            answer.extend_from_slice(b"\r\n");
        }
        answer.extend_from_slice(b"0\r\n\r\n");
        let mut cuts = cuts.into_iter().cycle();
        let mut written = Vec::new();
        while !answer.is_empty() {
            let rest = answer.split_off(cuts.next().unwrap().min(answer.len()));
            written.push(std::mem::replace(&mut answer, rest));
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let read = runtime.block_on(async { read(ask(written).await.unwrap().into_body()).await });
        prop_assert_eq!(read.unwrap(), pieces.concat());
    }
}
