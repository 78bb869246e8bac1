//! `GET /api/ask/starters`.

use axum::http::{Request, StatusCode, header};
use mfe_ask_api::{Confidence, STARTERS, Starters};
use serde_json::json;

use crate::{asking::site, get, json, problem, send, state};

#[tokio::test]
async fn six_questions_each_have_an_answer_of_high_confidence() {
    let site = site().await;
    let starters: Starters = json(send(site.state.clone(), get(STARTERS)).await).await;
    let mut different = starters.questions.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 6, "{:?}", starters.questions);
    for question in starters.questions {
        let answer = site.answer(json!({ "question": question })).await;
        assert_eq!(answer.confidence, Confidence::High, "{question}");
        assert!(!answer.sources.is_empty(), "{question}");
    }
}

#[tokio::test]
async fn the_same_stories_give_the_same_questions() {
    let (one, two): (Starters, Starters) = (
        json(send(state(), get(STARTERS)).await).await,
        json(send(state(), get(STARTERS)).await).await,
    );
    assert_eq!(one, two);
}

#[tokio::test]
async fn only_get_lists() {
    let request = Request::delete(STARTERS).body(axum::body::Body::empty()).unwrap();
    let response = send(state(), request).await;
    assert_eq!(response.headers()[header::ALLOW], "GET,HEAD");
    problem(response, StatusCode::METHOD_NOT_ALLOWED).await;
}
