//! What somebody asks who signed in is theirs in every browser, and nobody else's.

use axum::http::{Method, Request};
use mfe_ask_api::{CONVERSATIONS, ConversationList};
use mfe_ask_service::{AppState, Session};
use serde_json::Value;
use service_kit::EdgeKey;

use crate::{
    json,
    seed::{path_of, request_as, told},
    send, state,
};

const USUAL: &str = "own-read,own-change,organisation-read";

/// Sends as the gateway does for who signed in.
fn of(
    session: &str,
    account: &str,
    edge: &str,
    grants: &str,
    method: Method,
    path: &str,
) -> Request<axum::body::Body> {
    let mut request = request_as(session, method, path, &Value::Null);
    let told = [
        ("x-asterism-account", account),
        ("x-asterism-edge", edge),
        ("x-asterism-private", grants),
        ("x-asterism-organisation", "Studio"),
    ];
    for (name, value) in told {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    request
}

async fn listed(state: &AppState, request: Request<axum::body::Body>) -> Vec<String> {
    let answer = send(state.clone(), request).await;
    assert_eq!(answer.status(), 200);
    let list: ConversationList = json(answer).await;
    list.conversations.into_iter().map(|conversation| conversation.title).collect()
}

#[tokio::test]
async fn conversations_follow_the_account_and_visitors_keep_theirs() {
    let mut state = state();
    state.edge = Some(EdgeKey::new("shared".to_owned()));
    // Asked by the account, and by the session of the same browser before.
    let edge = EdgeKey::new("shared".to_owned());
    let signed_in = of("phone", "a1", "shared", USUAL, Method::GET, CONVERSATIONS);
    let anna = Session::of(&edge.caller(signed_in.headers()).unwrap()).unwrap();
    let now = time::OffsetDateTime::now_utc();
    let asked = crate::seed::question("As Anna", None);
    let begun = state.conversations.begin(&anna, asked, now).await.unwrap();
    told(&state, "phone", "As a visitor", None).await;
    let list = async |session: &str, account: &str, edge: &str, grants: &str| {
        listed(&state, of(session, account, edge, grants, Method::GET, CONVERSATIONS)).await
    };
    for browser in ["phone", "desk"] {
        assert_eq!(list(browser, "a1", "shared", USUAL).await, ["As Anna"], "{browser}");
    }
    let visitor = request_as("phone", Method::GET, CONVERSATIONS, &Value::Null);
    assert_eq!(listed(&state, visitor).await, ["As a visitor"]);
    // Somebody else, of the same organisation too; who only says it; and where policies give nobody their own.
    assert!(list("desk", "a2", "shared", USUAL).await.is_empty());
    assert!(list("desk", "a1", "guessed", USUAL).await.is_empty());
    assert_eq!(list("phone", "a1", "shared", "").await, ["As a visitor"]);
    let path = path_of(&begun.conversation_id, "");
    let remove = async |session: &str, account: &str| {
        let request = of(session, account, "shared", USUAL, Method::DELETE, &path);
        send(state.clone(), request).await.status().as_u16()
    };
    assert_eq!(remove("phone", "a2").await, 404);
    assert_eq!(
        send(state.clone(), request_as("phone", Method::DELETE, &path, &Value::Null))
            .await
            .status(),
        404
    );
    let named = request_as("account:a1", Method::GET, CONVERSATIONS, &Value::Null);
    assert_eq!(send(state.clone(), named).await.status(), 401, "no session is an account");
    assert_eq!(remove("desk", "a1").await, 204);
}
