//! Who may use which route. One without a line fails the test.
//!
//! That a session sees only its own conversations is tried in `sessions`, and who sees what others share in
//! `sharing`.

use mfe_ask_service::{Conversations, router};
use service_kit::{
    EdgeKey,
    outbox::Outbox,
    testing::{Keys, Needs, Route, authorization},
};

use crate::{NOWHERE, state_at, stories};

/// It has no role's.
const KEYS: Keys = Keys { role: "", edge: "the edge's key" };
const QUESTION: &str = r#"{"question":"What was done with Kafka?"}"#;
const RENAME: &str = r#"{"title":"Another"}"#;
const VISIBILITY: &str = r#"{"visibility":"organisation"}"#;
const RERANK: &str = r#"{"question":"What was done with Kafka?","results":[]}"#;

const ROUTES: &[Route] = &[
    ("POST", "/api/ask/rerank", "/api/ask/rerank", RERANK, Needs::Nothing),
    ("GET", "/api/ask/starters", "/api/ask/starters", "", Needs::Nothing),
    ("POST", "/api/ask/generate", "/api/ask/generate", QUESTION, Needs::Session),
    ("POST", "/api/ask/stop", "/api/ask/stop", "{}", Needs::Session),
    ("GET", "/api/ask/history", "/api/ask/history?conversation_id=x", "", Needs::Session),
    ("GET", "/api/ask/conversations", "/api/ask/conversations", "", Needs::Session),
    ("PATCH", "/api/ask/conversations/{id}", "/api/ask/conversations/x", RENAME, Needs::Session),
    ("DELETE", "/api/ask/conversations/{id}", "/api/ask/conversations/x", "", Needs::Session),
    (
        "PUT",
        "/api/ask/conversations/{id}/visibility",
        "/api/ask/conversations/x/visibility",
        VISIBILITY,
        Needs::Session,
    ),
    (
        "GET",
        "/api/ask/conversations/{id}/export",
        "/api/ask/conversations/x/export",
        "",
        Needs::Session,
    ),
    ("POST", "/api/ask/feedback", "/api/ask/feedback", "{}", Needs::Session),
    ("GET", "/events", "/events", "", Needs::Site),
];

#[tokio::test]
async fn each_route_is_open_to_those_whom_it_is_for_and_to_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ask.sqlite");
    let mut state = state_at(NOWHERE, stories(), Conversations::open(&file).unwrap());
    state.outbox = Some(Outbox::open(&file, Some(EdgeKey::new(KEYS.edge.to_owned()))).unwrap());
    let table = include_str!("../../src/routes.rs");
    assert_eq!(authorization(&router(state), table, KEYS, ROUTES).await, [""; 0]);
}
