//! Conversations as the pipeline leaves them, and requests of a session.

use axum::{
    body::Body,
    http::{Method, Request},
    response::Response,
};
use mfe_ask_api::{Answer, Confidence, Mode, Question, Source, Standing, Status};
use mfe_ask_service::{AppState, Begun, Outcome, Session};
use serde_json::Value;
use time::OffsetDateTime;

use crate::send;

pub(crate) fn session(id: &str) -> Session {
    Session::new(id).unwrap()
}

pub(crate) fn question(text: &str, conversation: Option<&str>) -> Question {
    let conversation_id = conversation.map(str::to_owned);
    Question { question: text.to_owned(), conversation_id, ..Question::default() }
}

/// A source that quotes a story.
pub(crate) fn source(story: &str, quotes: &[&str]) -> Source {
    Source {
        id: story.to_owned(),
        title: format!("Title of {story}"),
        client: "Northbank".to_owned(),
        role: "Lead".to_owned(),
        summary: "Three sentences.".to_owned(),
        score: 0.5,
        quotes: quotes.iter().map(|quote| (*quote).to_owned()).collect(),
        standing: Standing::Current,
    }
}

pub(crate) fn answer(text: &str, sources: Vec<Source>) -> Answer {
    Answer {
        conversation_id: String::new(),
        message_id: String::new(),
        answer: text.to_owned(),
        sentences: Vec::new(),
        sources,
        mode: Mode::Extractive,
        degraded: false,
        missing: Vec::new(),
        stopped: false,
        confidence: Confidence::High,
        understood: None,
        refusal: None,
    }
}

/// Asks as a session.
pub(crate) async fn begin(
    state: &AppState,
    who: &str,
    text: &str,
    conversation: Option<&str>,
) -> Begun {
    let now = OffsetDateTime::now_utc();
    state.conversations.begin(&session(who), question(text, conversation), now).await.unwrap()
}

/// Ends an answer in a way.
pub(crate) async fn finish(state: &AppState, begun: &Begun, status: Status, answer: Answer) {
    let Begun { conversation_id, message_id, .. } = begun.clone();
    let answer = Answer { conversation_id, message_id, ..answer };
    let outcome = match status {
        Status::Stopped => Outcome::Stopped(answer),
        _ => Outcome::Done(answer),
    };
    let now = OffsetDateTime::now_utc();
    state.conversations.finish(&begun.message_id, outcome, now).await.unwrap();
}

/// Asks and answers as a session.
pub(crate) async fn told(
    state: &AppState,
    who: &str,
    text: &str,
    conversation: Option<&str>,
) -> Begun {
    let begun = begin(state, who, text, conversation).await;
    let reply = answer(&format!("About {text} [1]"), vec![source("a-story", &[text])]);
    finish(state, &begun, Status::Done, reply).await;
    begun
}

/// Returns a request of a session; a body of `null` is none.
pub(crate) fn request_as(who: &str, method: Method, path: &str, body: &Value) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !who.is_empty() {
        request = request.header("x-asterism-session", who);
    }
    let body = match body {
        Value::Null => Body::empty(),
        body => {
            request = request.header("content-type", "application/json");
            Body::from(body.to_string())
        }
    };
    request.body(body).unwrap()
}

/// Sends a request of a session.
pub(crate) async fn send_as(
    state: &AppState,
    who: &str,
    method: Method,
    path: &str,
    body: &Value,
) -> Response {
    send(state.clone(), request_as(who, method, path, body)).await
}

pub(crate) async fn get_as(state: &AppState, who: &str, path: &str) -> Response {
    send_as(state, who, Method::GET, path, &Value::Null).await
}

/// The path of a conversation, and what follows.
pub(crate) fn path_of(conversation: &str, rest: &str) -> String {
    [mfe_ask_api::CONVERSATIONS, "/", conversation, rest].concat()
}
