//! `POST /api/ask/feedback`.

use axum::http::{Method, StatusCode, header};
use mfe_ask_api::{FEEDBACK, Judgement};
use mfe_ask_service::AppState;
use serde_json::{Value, json as value};

use crate::{
    problem,
    seed::{begin, send_as, session, told},
    state,
};

async fn kept(state: &AppState, who: &str, message: &str) -> Option<Judgement> {
    state.conversations.message(&session(who), message).await.unwrap().unwrap().feedback
}

async fn say(state: &AppState, who: &str, body: &Value) -> axum::response::Response {
    send_as(state, who, Method::POST, FEEDBACK, body).await
}

#[tokio::test]
async fn the_last_word_counts() {
    let state = state();
    let id = told(&state, "me", "Why?", None).await.message_id;
    assert_eq!(kept(&state, "me", &id).await, None);
    let longest = "ü".repeat(1000);
    for (helpful, given, reason) in [
        (true, value!(null), None),
        (false, value!("  too short "), Some("too short")),
        (false, value!(longest), Some(&*longest)),
        (true, value!("  "), None),
    ] {
        let body = value!({ "message_id": id, "helpful": helpful, "reason": given });
        let response = say(&state, "me", &body).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store, private");
        let reason = reason.map(str::to_owned);
        assert_eq!(kept(&state, "me", &id).await, Some(Judgement { helpful, reason }));
    }
}

#[tokio::test]
async fn only_of_an_answer_of_ones_own() {
    let state = state();
    let mine = begin(&state, "me", "Mine?", None).await.message_id;
    let theirs = told(&state, "other", "Theirs?", None).await.message_id;
    for (id, status, code) in [
        (&*mine, 409, "no-answer"),
        (&theirs, 404, "unknown-message"),
        ("x", 404, "unknown-message"),
    ] {
        let response = say(&state, "me", &value!({ "message_id": id, "helpful": true })).await;
        let told = problem(response, StatusCode::from_u16(status).unwrap()).await;
        assert_eq!(told.code(), code);
    }
    assert_eq!(kept(&state, "other", &theirs).await, None);
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let state = state();
    let id = told(&state, "me", "Why?", None).await.message_id;
    for (body, field) in [
        (value!({ "message_id": id, "helpful": true, "reason": "x".repeat(1001) }), "reason"),
        (value!({ "message_id": id, "helpful": "yes" }), "helpful"),
        (value!({ "message_id": 7, "helpful": true }), "message_id"),
        (value!({ "message_id": id, "helpful": true, "session": "other" }), "session"),
    ] {
        let response = say(&state, "me", &body).await;
        let told = problem(response, StatusCode::UNPROCESSABLE_ENTITY).await;
        assert_eq!(told.errors[0].field, field, "{body}");
    }
    assert_eq!(kept(&state, "me", &id).await, None);
}
