//! Bodies pass piece by piece: the first is there before the last is sent.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::StatusCode,
    response::Redirect,
    routing::{get, post},
};
use futures_util::StreamExt;
use reqwest::redirect::Policy;
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;

use crate::{Site, breaking_off, serve, soon};

type Pieces = mpsc::UnboundedSender<Result<Bytes, Infallible>>;

fn pieces() -> (Pieces, UnboundedReceiverStream<Result<Bytes, Infallible>>) {
    let (send, receive) = mpsc::unbounded_channel();
    (send, UnboundedReceiverStream::new(receive))
}

fn piece(text: &'static str) -> Result<Bytes, Infallible> {
    Ok(Bytes::from_static(text.as_bytes()))
}

/// Asked for as a page asks for it, and as anybody may.
#[tokio::test]
async fn an_event_stream_flows_event_by_event() {
    for accept in ["text/event-stream", "*/*"] {
        let (send, receive) = pieces();
        let body = Arc::new(Mutex::new(Some(receive)));
        let events = get(move || {
            let body = Body::from_stream(body.lock().unwrap().take().unwrap());
            std::future::ready(([("content-type", "text/event-stream")], body))
        });
        let upstream = serve(Router::new().route("/api/alpha/events", events)).await;
        let site = Site::new(&format!("alpha={upstream}")).await;
        let url = site.listen().await + "/api/alpha/events";

        send.send(piece("event: one\n\n")).unwrap();
        let asked = reqwest::Client::new().get(url).header("accept", accept).send();
        let answer = soon(asked).await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert!(!answer.headers().contains_key("content-length"));
        let mut read = answer.bytes_stream();
        assert_eq!(soon(read.next()).await.unwrap().unwrap(), "event: one\n\n");
        send.send(piece("event: two\n\n")).unwrap();
        assert_eq!(soon(read.next()).await.unwrap().unwrap(), "event: two\n\n");
        drop(send);
        assert!(soon(read.next()).await.is_none());
    }
}

/// The last words come with the end of the connection, in one read: they are told, and then that there is no end.
#[tokio::test]
async fn what_came_before_an_answer_broke_off_reaches_the_caller() {
    for control in ["no-store", "max-age=60"] {
        let head = format!("HTTP/1.1 200 OK\r\ncache-control: {control}\r\n");
        let answer = head + "transfer-encoding: chunked\r\n\r\na\r\nlast words\r\n";
        let upstream = breaking_off(answer).await;
        let site = Site::new(&format!("alpha={upstream}")).await;
        let (url, client) = (site.listen().await + "/api/alpha/x", reqwest::Client::new());
        for accept in ["text/event-stream", "*/*"].repeat(20) {
            let answer = soon(client.get(&url).header("accept", accept).send()).await.unwrap();
            let mut read = answer.bytes_stream();
            let first = soon(read.next()).await.unwrap();
            assert_eq!(first.unwrap(), "last words", "{control} {accept}");
            assert!(soon(read.next()).await.unwrap().is_err(), "{control} {accept}");
        }
    }
}

/// Whoever asks for a stream where there is none hears so.
#[tokio::test]
async fn what_is_no_stream_is_answered_as_it_is() {
    let here = Router::new()
        .route("/api/alpha/text", get(|| async { ([("etag", "\"1\"")], "plain") }))
        .route("/api/alpha/none", get(|| async { StatusCode::NO_CONTENT }))
        .route("/api/alpha/moved", get(|| async { Redirect::to("/api/alpha/text") }));
    let upstream = serve(here).await;
    let site = Site::new(&format!("alpha={upstream}")).await;
    let url = site.listen().await + "/api/alpha/";
    let client = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    for (path, status, body) in
        [("text", 200, "plain"), ("none", 204, ""), ("moved", 303, ""), ("missing", 404, "")]
    {
        let asked = client.get(format!("{url}{path}")).header("accept", "text/event-stream");
        let answer = soon(asked.send()).await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(soon(answer.text()).await.unwrap(), body, "{path}");
    }
}

#[tokio::test]
async fn an_upload_flows_while_it_is_sent() {
    let (arrived, mut arrivals) = mpsc::unbounded_channel();
    let upload = post(async move |request: Request| {
        let mut body = request.into_body().into_data_stream();
        while let Some(piece) = body.next().await {
            arrived.send(piece.unwrap()).unwrap();
        }
        "all"
    });
    let upstream = serve(Router::new().route("/api/alpha/upload", upload)).await;
    let site = Site::new(&format!("alpha={upstream}")).await;
    let url = site.listen().await + "/api/alpha/upload";

    let (send, receive) = pieces();
    let body = reqwest::Body::wrap_stream(receive);
    let answer = tokio::spawn(reqwest::Client::new().post(url).body(body).send());
    send.send(piece("first")).unwrap();
    assert_eq!(soon(arrivals.recv()).await.unwrap(), "first");
    send.send(piece("last")).unwrap();
    assert_eq!(soon(arrivals.recv()).await.unwrap(), "last");
    drop(send);
    let answer = soon(answer).await.unwrap().unwrap();
    assert_eq!(answer.text().await.unwrap(), "all");
}

#[tokio::test]
async fn a_known_length_stays_known() {
    let upstream = serve(Router::new().route("/api/alpha/length", post(lengths))).await;
    async fn lengths(request: Request) -> String {
        let header = |name| request.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
        format!("{:?} {:?}", header("content-length"), header("transfer-encoding"))
    }
    let site = Site::new(&format!("alpha={upstream}")).await;
    let url = site.listen().await + "/api/alpha/length";
    let answer = reqwest::Client::new().post(url).body("12345").send().await.unwrap();
    assert!(answer.content_length().is_some());
    assert_eq!(answer.text().await.unwrap(), r#"Some("5") None"#);
}
