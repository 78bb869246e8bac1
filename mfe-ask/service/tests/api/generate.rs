//! `POST /api/ask/generate`, answered as JSON, and everything that it refuses.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use mfe_ask_api::{Answer, Confidence, GENERATE, Mode};
use serde_json::{Value, json};

use crate::{ask, ask_json, get, json, problem, send, state};

async fn answer(body: Value) -> Answer {
    let response = send(state(), ask_json(&body)).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    json(response).await
}

#[tokio::test]
async fn an_answer_quotes_the_story_that_has_it() {
    let answer = answer(json!({
        "question": "  How did you leave the mainframe at Northbank?  ",
        "conversation_id": "c-1",
        "filters": {},
    }))
    .await;
    assert_eq!(answer.sources[0].id, "exit-the-mainframe-northbank");
    assert_eq!(answer.confidence, Confidence::High);
    assert_eq!(answer.mode, Mode::Extractive);
    assert_eq!(answer.conversation_id, "c-1");
    assert_eq!(answer.refusal, None);
    assert!(answer.answer.contains(" [1]"));
}

#[tokio::test]
async fn each_answer_has_its_own_ids_unless_a_conversation_goes_on() {
    let question = json!({ "question": "What did you do for Northbank?" });
    let (one, two) = (answer(question.clone()).await, answer(question).await);
    assert_ne!(one.conversation_id, two.conversation_id);
    assert_ne!(one.message_id, two.message_id);
    assert_eq!(one.answer, two.answer);
}

#[tokio::test]
async fn filters_narrow_who_may_answer() {
    let filters = json!({ "client": ["Cobalt Telecom"] });
    let question = "How do you rescue a failing programme?";
    let answer = answer(json!({ "question": question, "filters": filters })).await;
    assert!(!answer.sources.is_empty());
    assert!(answer.sources.iter().all(|source| source.client == "Cobalt Telecom"));
}

#[tokio::test]
async fn the_story_that_the_question_comes_from_is_preferred() {
    let about_it = json!({ "question": "What was the result?", "from_story": "esim-sofa-farwave" });
    assert_eq!(answer(about_it).await.sources[0].id, "esim-sofa-farwave");

    for from_story in ["yield-model-mlops-sable", "claims-triage-in-shadow-castellan"] {
        let question = "How long did the model run in shadow?";
        let answer = answer(json!({ "question": question, "from_story": from_story })).await;
        assert_eq!(answer.sources[0].id, from_story);
    }
}

#[tokio::test]
async fn a_refusal_suggests_questions_that_have_an_answer() {
    for filters in [json!({}), json!({ "client": ["Farwave Mobile"] })] {
        let refused =
            answer(json!({ "question": "asdkjh qwpoeiu zmxn", "filters": filters })).await;
        assert_eq!(refused.confidence, Confidence::None);
        assert_eq!((refused.answer.as_str(), refused.sources.len()), ("", 0));
        let refusal = refused.refusal.unwrap();
        assert_eq!(refusal.kind, mfe_ask_api::RefusalKind::LowConfidence);
        assert!(!refusal.suggestions.is_empty());
        for question in refusal.suggestions {
            let suggested = answer(json!({ "question": question, "filters": filters })).await;
            assert_eq!(suggested.confidence, Confidence::High, "{question}");
        }
    }
}

#[tokio::test]
async fn filters_that_no_story_passes_are_refused_too() {
    let filters = json!({ "era": ["The Middle Ages"] });
    let refused = answer(json!({ "question": "Why Kafka?", "filters": filters })).await;
    let refusal = refused.refusal.unwrap();
    assert!(refusal.message.contains("filter"), "{}", refusal.message);
    assert_eq!(refusal.suggestions, Vec::<String>::new());
}

#[tokio::test]
async fn a_question_may_have_a_thousand_characters_and_not_more() {
    let body = |length| json!({ "question": "ü".repeat(length) });
    assert_eq!(send(state(), ask_json(&body(1000))).await.status(), StatusCode::OK);
    let response = send(state(), ask_json(&body(1001))).await;
    let problem = problem(response, StatusCode::UNPROCESSABLE_ENTITY).await;
    assert_eq!(problem.errors[0].field, "question");
}

#[tokio::test]
async fn unfit_fields_are_named() {
    for (body, field) in [
        (json!({ "question": "" }), "question"),
        (json!({ "question": " \n\t " }), "question"),
        (json!({ "question": 7 }), "question"),
        (json!({ "question": "Why?", "from_story": "no-such-story" }), "from_story"),
        (json!({ "question": "Why?", "conversation_id": "" }), "conversation_id"),
        (json!({ "question": "Why?", "conversation_id": "a b" }), "conversation_id"),
        (json!({ "question": "Why?", "conversation_id": "x".repeat(101) }), "conversation_id"),
        (json!({ "question": "Why?", "filters": { "client": "Northbank" } }), "filters.client"),
        (json!({ "question": "Why?", "filters": { "colour": [] } }), "filters.colour"),
        (json!({ "question": "Why?", "model": "large" }), "model"),
    ] {
        let response = send(state(), ask_json(&body)).await;
        let problem = problem(response, StatusCode::UNPROCESSABLE_ENTITY).await;
        assert_eq!(problem.errors[0].field, field, "{body}");
    }
}

#[tokio::test]
async fn malformed_bodies_are_refused() {
    for (body, code) in [("", "malformed-json"), ("{\"question\":", "malformed-json")] {
        let response = send(state(), ask("application/json", body)).await;
        assert_eq!(problem(response, StatusCode::BAD_REQUEST).await.code(), code);
    }
    let untyped = Request::post(GENERATE).body(Body::from("{}")).unwrap();
    let response = send(state(), untyped).await;
    problem(response, StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
}

#[tokio::test]
async fn a_body_of_five_megabytes_is_too_large() {
    let body = json!({ "question": "x".repeat(5 * 1024 * 1024) });
    let problem =
        problem(send(state(), ask_json(&body)).await, StatusCode::PAYLOAD_TOO_LARGE).await;
    assert_eq!(problem.code(), "body-too-large");
}

#[tokio::test]
async fn only_post_asks() {
    let response = send(state(), get(GENERATE)).await;
    assert_eq!(response.headers()[header::ALLOW], "POST");
    problem(response, StatusCode::METHOD_NOT_ALLOWED).await;
}
