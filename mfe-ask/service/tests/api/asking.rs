//! Asks over HTTP, and reads what comes.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt;
use mfe_ask_api::{Answer, GENERATE, HISTORY, History, Message};
use mfe_ask_service::AppState;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    ME, ask, json,
    search::FakeSearch,
    seed::{get_as, request_as},
    send, state_at, store, stories,
};

/// Streams, as browsers ask for it.
pub(crate) const STREAM: &str = "text/event-stream";

/// A service with its search.
pub(crate) struct Site {
    pub(crate) state: AppState,
    pub(crate) search: FakeSearch,
}

/// Starts the service over the selected stories.
pub(crate) async fn site() -> Site {
    let search = FakeSearch::start().await;
    Site { state: state_at(&search.base, stories(), store()), search }
}

impl Site {
    /// Asks, and gets an answer as JSON.
    pub(crate) async fn answer(&self, body: Value) -> Answer {
        answer_to(&self.state, ME, body).await
    }
}

/// Asks as a session.
pub(crate) async fn asked_as(state: &AppState, who: &str, body: &Value) -> Response {
    let mut request = request_as(who, Method::POST, GENERATE, body);
    request.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
    send(state.clone(), request).await
}

/// Asks as a session that gets an answer.
pub(crate) async fn answer_to(state: &AppState, who: &str, body: Value) -> Answer {
    let response = asked_as(state, who, &body).await;
    assert_eq!(response.status(), StatusCode::OK, "{body}");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    json(response).await
}

/// Reads all messages of a conversation.
pub(crate) async fn history(state: &AppState, conversation: &str) -> Vec<Message> {
    let path = format!("{HISTORY}?conversation_id={conversation}&limit=200");
    json::<History>(get_as(state, ME, &path).await).await.messages
}

/// Asks for a stream, after an event if one is given.
pub(crate) fn streamed(body: &Value, after: Option<&str>) -> Request<Body> {
    let mut request = ask(STREAM, body.to_string());
    if let Some(id) = after {
        request.headers_mut().insert("last-event-id", id.parse().unwrap());
    }
    request
}

/// An event as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) id: String,
    /// Empty for a comment.
    pub(crate) name: String,
    pub(crate) data: String,
}

impl Event {
    fn parse(block: &str) -> Self {
        let field = |name: &str| {
            let lines = block.lines().filter_map(|line| line.strip_prefix(name));
            lines.map(str::trim_start).collect::<Vec<_>>().join("\n")
        };
        Self { id: field("id:"), name: field("event:"), data: field("data:") }
    }

    pub(crate) fn read<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.data).unwrap()
    }
}

/// A line on which events come.
pub(crate) struct Line {
    body: Body,
    read: String,
}

impl Line {
    /// Begins to read; nothing is read ahead.
    pub(crate) fn new(response: Response) -> Self {
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::CONTENT_TYPE], STREAM);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store, private");
        Self { body: response.into_body(), read: String::new() }
    }

    /// Asks and begins to read.
    pub(crate) async fn open(state: &AppState, body: &Value, after: Option<&str>) -> Self {
        Self::new(send(state.clone(), streamed(body, after)).await)
    }

    /// Returns the next event, `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            let next = self.next_or_comment().await?;
            if !next.name.is_empty() {
                return Some(next);
            }
        }
    }

    /// Returns the next event or comment, `None` at the end.
    pub(crate) async fn next_or_comment(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.read.split_once("\n\n") {
                let event = Event::parse(block);
                self.read = rest.to_owned();
                return Some(event);
            }
            let frame = self.body.frame().await?.unwrap().into_data().unwrap();
            self.read.push_str(str::from_utf8(&frame).unwrap());
        }
    }

    /// Reads until an event of this name, and returns all, with it.
    pub(crate) async fn until(&mut self, name: &str) -> Vec<Event> {
        let mut events = Vec::new();
        while events.last().is_none_or(|event: &Event| event.name != name) {
            events.push(self.next().await.unwrap());
        }
        events
    }

    /// Reads to the end.
    pub(crate) async fn rest(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event);
        }
        events
    }
}
