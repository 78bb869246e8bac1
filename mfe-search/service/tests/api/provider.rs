//! The embedder over HTTP, against a server that speaks the protocol of `OpenAI`.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use mfe_search_service::{EmbedError, Embedder, Provider};
use serde_json::{Value, json};

/// Answers the n-th request, counted from 0, from what it was given.
type Answers = fn(u32, &HeaderMap, &[String]) -> Response;

#[derive(Clone)]
struct Server {
    requests: Arc<AtomicU32>,
    answers: Answers,
}

async fn embeddings(
    State(server): State<Server>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let n = server.requests.fetch_add(1, Ordering::SeqCst);
    assert_eq!(body["model"], "small");
    let texts: Vec<String> = serde_json::from_value(body["input"].clone()).unwrap();
    (server.answers)(n, &headers, &texts)
}

/// Returns vectors of the texts' lengths, the last one first: order is by index only.
fn vectors(texts: &[String]) -> Response {
    let item = |(index, text): (usize, &String)| json!({ "index": index, "embedding": [text.len(), 0, 0], "object": "embedding" });
    let data: Vec<Value> = texts.iter().enumerate().rev().map(item).collect();
    Json(json!({ "data": data, "model": "small", "usage": {} })).into_response()
}

/// Connects and, when that works, embeds; returns the vectors and how many requests there were.
async fn embed(answers: Answers, texts: Vec<String>) -> (Result<Vec<Vec<f32>>, EmbedError>, u32) {
    let server = Server { requests: Arc::default(), answers };
    let requests = Arc::clone(&server.requests);
    let router = Router::new().route("/v1/embeddings", post(embeddings)).with_state(server);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1/", listener.local_addr().unwrap());
    let serving = tokio::spawn(async { axum::serve(listener, router).await });
    let runtime = tokio::runtime::Handle::current();
    let working = tokio::task::spawn_blocking(move || {
        let provider = Provider::connect(runtime, &url, Some("key".to_owned()), "small")?;
        assert_eq!(provider.dimensions(), 3);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        provider.embed(&texts)
    });
    let result = working.await.unwrap();
    serving.abort();
    (result, requests.load(Ordering::SeqCst))
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_go_in_batches_with_the_key_and_vectors_come_in_order() {
    let texts: Vec<String> = (1..=130).map(|n| "x".repeat(n)).collect();
    let answers: Answers = |_, headers, texts| {
        assert_eq!(headers[header::AUTHORIZATION], "Bearer key");
        assert!(texts.len() <= 64);
        vectors(texts)
    };
    let (vectors, requests) = embed(answers, texts).await;
    let vectors = vectors.unwrap();
    assert_eq!((vectors.len(), requests), (130, 1 + 3));
    assert!(vectors.iter().all(|vector| *vector == [1.0, 0.0, 0.0]), "scaled to length 1");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_pass_is_tried_again() {
    let answers: Answers = |n, _, texts| match n {
        1 => StatusCode::BAD_GATEWAY.into_response(),
        2 => (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "0")]).into_response(),
        3 => "not json".into_response(),
        _ => vectors(texts),
    };
    let (vectors, requests) = embed(answers, vec!["a".to_owned()]).await;
    assert_eq!((vectors.unwrap().len(), requests), (1, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_will_not_pass_is_told_at_once() {
    let refused: Answers = |_, _, _| StatusCode::UNAUTHORIZED.into_response();
    let patient: Answers =
        |_, _, _| (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "3600")]).into_response();
    let wrong: Answers = |n, _, texts| match n {
        0 => vectors(texts),
        _ => Json(json!({ "data": [{ "index": 0, "embedding": [1, 0] }] })).into_response(),
    };
    let few: Answers = |n, _, texts| match n {
        0 => vectors(texts),
        _ => Json(json!({ "data": [] })).into_response(),
    };
    for (answers, expected) in [(refused, 1), (patient, 1), (wrong, 2), (few, 2)] {
        let (vectors, requests) = embed(answers, vec!["a".to_owned()]).await;
        assert!(matches!(vectors, Err(EmbedError::Compute(_))), "{vectors:?}");
        assert_eq!(requests, expected);
    }
}
