//! A chat endpoint on a loopback port that speaks the protocol of `OpenAI`, and does what a script says.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::task::AbortHandle;

/// One step of a streamed answer.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A piece of text, as an event of its own.
    Say(&'static str),
    /// Bytes as they are.
    Raw(&'static str),
    /// Nothing, for a while.
    Wait(Duration),
    /// The last piece, with its reason to finish.
    Finish,
    /// `[DONE]`.
    Done,
    /// The connection breaks.
    Break,
    /// The same piece, for ever.
    Forever(&'static str),
}

/// What one request gets.
#[derive(Clone, Debug)]
pub(crate) enum Script {
    /// A stream.
    Stream(Vec<Step>),
    /// A status, with `Retry-After`.
    Status(StatusCode, Option<String>),
    /// Another type of content.
    Page(&'static str, &'static str),
    /// Nothing, for a while, and then a stream.
    Late(Duration, Vec<Step>),
}

/// A running endpoint; it ends when dropped.
#[derive(Debug)]
pub(crate) struct FakeProvider {
    /// Before `/v1/chat/completions`.
    pub(crate) base: String,
    shared: Shared,
    serving: AbortHandle,
}

#[derive(Clone, Debug, Default)]
struct Shared {
    scripts: Arc<Vec<Script>>,
    requests: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
    next: Arc<AtomicUsize>,
    ended: Arc<Mutex<Option<Instant>>>,
}

/// Notes when a response is dropped.
struct Ended(Arc<Mutex<Option<Instant>>>);

impl Drop for Ended {
    fn drop(&mut self) {
        *self.0.lock().unwrap() = Some(Instant::now());
    }
}

impl FakeProvider {
    /// Answers the n-th request by the n-th script, all further ones by the last.
    pub(crate) async fn start(scripts: Vec<Script>) -> Self {
        let shared = Shared { scripts: Arc::new(scripts), ..Shared::default() };
        let router =
            Router::new().route("/v1/chat/completions", post(complete)).with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async { axum::serve(listener, router).await }).abort_handle();
        Self { base, shared, serving }
    }

    /// Says these pieces and ends as it should.
    pub(crate) async fn saying(pieces: &[&'static str]) -> Self {
        let steps = pieces.iter().map(|piece| Step::Say(piece));
        let steps = steps.chain([Step::Finish, Step::Done]).collect();
        Self::start(vec![Script::Stream(steps)]).await
    }

    /// Returns headers and bodies of all requests so far.
    pub(crate) fn requests(&self) -> Vec<(HeaderMap, Value)> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// Returns when the last response was over, or its reader went away.
    pub(crate) fn ended(&self) -> Option<Instant> {
        *self.shared.ended.lock().unwrap()
    }
}

impl Drop for FakeProvider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn complete(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    shared.requests.lock().unwrap().push((headers, body));
    let n = shared.next.fetch_add(1, Ordering::SeqCst);
    let script = shared.scripts[n.min(shared.scripts.len() - 1)].clone();
    // Held while nothing is sent as well: a dropped handler counts as ended.
    let ended = Ended(Arc::clone(&shared.ended));
    match script {
        Script::Stream(steps) => streamed(steps, ended),
        Script::Late(wait, steps) => {
            tokio::time::sleep(wait).await;
            streamed(steps, ended)
        }
        Script::Page(kind, text) => ([(header::CONTENT_TYPE, kind)], text).into_response(),
        Script::Status(status, None) => status.into_response(),
        Script::Status(status, Some(after)) => {
            (status, [(header::RETRY_AFTER, after)]).into_response()
        }
    }
}

fn streamed(steps: Vec<Step>, ended: Ended) -> Response {
    let steps = stream::iter(steps).flat_map(|step| match step {
        Step::Forever(text) => stream::repeat(Step::Say(text)).boxed(),
        step => stream::iter([step]).boxed(),
    });
    let bytes = steps.then(move |step| {
        let _held = &ended;
        async move { bytes(step).await }
    });
    ([(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")], Body::from_stream(bytes))
        .into_response()
}

async fn bytes(step: Step) -> Result<Bytes, std::io::Error> {
    let event = |value: &Value| Bytes::from(format!("data: {value}\n\n"));
    Ok(match step {
        Step::Say(text) | Step::Forever(text) => event(&json!({
            "id": "x", "object": "chat.completion.chunk", "model": "small",
            "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }],
        })),
        Step::Raw(text) => Bytes::from_static(text.as_bytes()),
        Step::Wait(wait) => {
            tokio::time::sleep(wait).await;
            Bytes::from_static(b": still here\n\n")
        }
        Step::Finish => event(&json!({
            "choices": [{ "index": 0, "delta": {}, "finish_reason": "stop" }],
        })),
        Step::Done => Bytes::from_static(b"data: [DONE]\n\n"),
        Step::Break => return Err(std::io::Error::other("broken on purpose")),
    })
}
