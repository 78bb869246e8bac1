//! `GET /api/ask/conversations`, and `PATCH` and `DELETE` of one.

use axum::http::{Method, StatusCode, header};
use mfe_ask_api::{CONVERSATIONS, Conversation, ConversationList};
use mfe_ask_service::AppState;
use serde_json::{Value, json as value};

use crate::{
    json, problem,
    seed::{get_as, path_of, send_as, told},
    state,
};

async fn list(state: &AppState, who: &str) -> Vec<Conversation> {
    let response = get_as(state, who, CONVERSATIONS).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store, private");
    json::<ConversationList>(response).await.conversations
}

fn titles(list: &[Conversation]) -> Vec<&str> {
    list.iter().map(|conversation| conversation.title.as_str()).collect()
}

#[tokio::test]
async fn the_last_one_that_was_asked_something_comes_first() {
    let state = state();
    assert_eq!(list(&state, "me").await, []);
    let pause = || tokio::time::sleep(std::time::Duration::from_millis(5));
    let first = told(&state, "me", "First?", None).await;
    pause().await;
    told(&state, "me", "Second?", None).await;
    told(&state, "other", "Theirs?", None).await;
    assert_eq!(titles(&list(&state, "me").await), ["Second?", "First?"]);
    pause().await;
    told(&state, "me", "More?", Some(&first.conversation_id)).await;
    let mine = list(&state, "me").await;
    assert_eq!(titles(&mine), ["First?", "Second?"]);
    assert_eq!((mine[0].messages, mine[1].messages), (2, 1));
    assert!(mine[0].updated_at > mine[0].created_at);
    assert_eq!(titles(&list(&state, "other").await), ["Theirs?"]);
}

#[tokio::test]
async fn a_title_is_changed_and_nothing_else() {
    let state = state();
    let begun = told(&state, "me", "Why?", None).await;
    let path = path_of(&begun.conversation_id, "");
    let before = list(&state, "me").await.remove(0);
    let longest = "ü".repeat(120);
    for title in [" About <b>Kafka</b> ", &longest] {
        let body = value!({ "title": title });
        let response = send_as(&state, "me", Method::PATCH, &path, &body).await;
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store, private");
        let renamed: Conversation = json(response).await;
        assert_eq!(renamed, Conversation { title: title.trim().to_owned(), ..before.clone() });
        assert_eq!(list(&state, "me").await, [renamed]);
    }
    for (body, status, field) in [
        (value!({ "title": "" }), 422, "title"),
        (value!({ "title": " \n " }), 422, "title"),
        (value!({ "title": "x".repeat(121) }), 422, "title"),
        (value!({ "title": "two\nlines" }), 422, "title"),
        (value!({ "title": 7 }), 422, "title"),
        (value!({}), 422, "."),
        (value!({ "title": "x", "session": "other" }), 422, "session"),
    ] {
        let response = send_as(&state, "me", Method::PATCH, &path, &body).await;
        let told = problem(response, StatusCode::from_u16(status).unwrap()).await;
        assert_eq!(told.errors[0].field, field, "{body}");
    }
    assert_eq!(list(&state, "me").await[0].title, longest);
}

#[tokio::test]
async fn a_deleted_conversation_is_gone_with_everything_in_it() {
    let state = state();
    let begun = told(&state, "me", "Why?", None).await;
    let kept = told(&state, "me", "Kept?", None).await;
    let path = path_of(&begun.conversation_id, "");
    let response = send_as(&state, "me", Method::DELETE, &path, &Value::Null).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(titles(&list(&state, "me").await), ["Kept?"]);
    let found = state.conversations.message(&crate::seed::session("me"), &begun.message_id).await;
    assert_eq!(found.unwrap(), None);
    let again = send_as(&state, "me", Method::DELETE, &path, &Value::Null).await;
    assert_eq!(problem(again, StatusCode::NOT_FOUND).await.code(), "unknown-conversation");
    let message = &kept.message_id;
    let found = state.conversations.message(&crate::seed::session("me"), message).await.unwrap();
    assert_eq!(found.unwrap().question.question, "Kept?");
}

#[tokio::test]
async fn somebody_elses_is_answered_like_one_that_never_was() {
    let state = state();
    let theirs = told(&state, "other", "Theirs?", None).await;
    let rename = value!({ "title": "Mine now" });
    for (method, rest, body) in [
        (Method::PATCH, "", &rename),
        (Method::DELETE, "", &Value::Null),
        (Method::GET, "/export?format=md", &Value::Null),
        (Method::GET, "/export?format=json", &Value::Null),
    ] {
        let mut answers = Vec::new();
        for id in [theirs.conversation_id.as_str(), "00000000-0000-4000-8000-000000000000"] {
            let response = send_as(&state, "me", method.clone(), &path_of(id, rest), body).await;
            let mut told = problem(response, StatusCode::NOT_FOUND).await;
            told.request_id.clear();
            answers.push(told);
        }
        assert_eq!(answers[0], answers[1], "{method} {rest}");
    }
    assert_eq!(titles(&list(&state, "other").await), ["Theirs?"]);
}

#[tokio::test]
async fn without_a_session_there_is_nothing_to_see() {
    let state = state();
    let begun = told(&state, "me", "Why?", None).await;
    let id = &begun.conversation_id;
    let feedback = value!({ "message_id": begun.message_id, "helpful": true });
    let rename = value!({ "title": "x" });
    for (method, path, body) in [
        (Method::GET, CONVERSATIONS.to_owned(), &Value::Null),
        (Method::GET, format!("{}?conversation_id={id}", mfe_ask_api::HISTORY), &Value::Null),
        (Method::PATCH, path_of(id, ""), &rename),
        (Method::DELETE, path_of(id, ""), &Value::Null),
        (Method::GET, path_of(id, "/export?format=md"), &Value::Null),
        (Method::POST, mfe_ask_api::FEEDBACK.to_owned(), &feedback),
    ] {
        for who in ["", "two words", &"x".repeat(65)] {
            let response = send_as(&state, who, method.clone(), &path, body).await;
            let told = problem(response, StatusCode::UNAUTHORIZED).await;
            assert_eq!(told.code(), "no-session", "{method} {path}");
            assert!(told.detail.contains("gateway"), "{}", told.detail);
        }
    }
    assert_eq!(titles(&list(&state, "me").await), ["Why?"]);
}
