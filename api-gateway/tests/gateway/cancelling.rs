//! When a caller goes away, the request to the upstream ends too.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    routing::get,
};
use futures_util::{StreamExt, stream};
use tokio::sync::oneshot;

use crate::{Site, serve, soon};

/// Tells when it is dropped.
struct Guard(Option<oneshot::Sender<()>>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.take().unwrap().send(()).ok();
    }
}

#[tokio::test]
async fn leaving_in_the_middle_of_an_answer_ends_it_upstream() {
    for accept in ["*/*", "text/event-stream"] {
        let (dropped, ended) = oneshot::channel();
        let guard = Arc::new(Mutex::new(Some(Guard(Some(dropped)))));
        let endless = get(move || {
            let guard = guard.lock().unwrap().take().unwrap();
            let piece = Ok::<_, Infallible>(Bytes::from_static(b"tick"));
            let body = stream::iter([piece]).chain(stream::pending()).map(move |piece| {
                let _held = &guard;
                piece
            });
            std::future::ready(Body::from_stream(body))
        });
        let upstream = serve(Router::new().route("/api/alpha/ticks", endless)).await;
        let site = Site::new(&format!("alpha={upstream}")).await;
        let url = site.listen().await + "/api/alpha/ticks";
        let asked = reqwest::Client::new().get(url).header("accept", accept).send();
        let mut answer = soon(asked).await.unwrap().bytes_stream();
        assert_eq!(soon(answer.next()).await.unwrap().unwrap(), "tick");
        drop(answer);
        soon(ended).await.unwrap();
    }
}

#[tokio::test]
async fn leaving_before_the_answer_ends_the_request_upstream() {
    let (dropped, ended) = oneshot::channel();
    let (began, begun) = oneshot::channel();
    let once = Arc::new(Mutex::new(Some((Guard(Some(dropped)), began))));
    let silent = get(move || {
        let (guard, began) = once.lock().unwrap().take().unwrap();
        async move {
            let _held = guard;
            began.send(()).unwrap();
            std::future::pending::<()>().await;
        }
    });
    let upstream = serve(Router::new().route("/api/alpha/silent", silent)).await;
    let site = Site::new(&format!("alpha={upstream}")).await;
    let url = site.listen().await + "/api/alpha/silent";
    let caller = tokio::spawn(reqwest::get(url));
    soon(begun).await.unwrap();
    caller.abort();
    soon(ended).await.unwrap();
}
