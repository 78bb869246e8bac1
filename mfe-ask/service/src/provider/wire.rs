//! The protocol's own types: what is sent, and what comes in each event.

use serde::{Deserialize, Serialize};

/// One message of a prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Message {
    role: &'static str,
    pub(super) content: String,
}

impl Message {
    /// Tells the model how to answer.
    pub(super) fn system(content: String) -> Self {
        Self { role: "system", content }
    }

    /// What a person says.
    pub(super) fn user(content: String) -> Self {
        Self { role: "user", content }
    }

    /// What the model said.
    pub(super) fn assistant(content: String) -> Self {
        Self { role: "assistant", content }
    }
}

/// A request for a streamed answer.
///
/// Without `stream_options`: nothing here counts tokens, and some servers refuse what they do not know.
#[derive(Debug, Serialize)]
pub(super) struct Request<'a> {
    model: &'a str,
    messages: &'a [Message],
    max_tokens: u32,
    temperature: f32,
    stream: bool,
}

impl<'a> Request<'a> {
    /// Asks for at most `max_tokens` tokens.
    pub(super) fn new(model: &'a str, max_tokens: u32, messages: &'a [Message]) -> Self {
        // The likeliest words are those that stand in the stories.
        Self { model, messages, max_tokens, temperature: 0.0, stream: true }
    }
}

/// What an event says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// More text, maybe none.
    Piece { text: String, last: bool },
    /// The server broke off.
    Failed(String),
    /// Nothing follows.
    Done,
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    error: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Delta,
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct Delta {
    content: Option<String>,
}

impl Event {
    /// Reads the data of an event.
    pub(super) fn read(data: &str) -> serde_json::Result<Self> {
        if data.trim() == "[DONE]" {
            return Ok(Self::Done);
        }
        let chunk: Chunk = serde_json::from_str(data)?;
        if let Some(error) = chunk.error {
            return Ok(Self::Failed(error.to_string()));
        }
        let choice = chunk.choices.into_iter().next();
        Ok(choice.map_or_else(
            || Self::Piece { text: String::new(), last: false },
            |choice| Self::Piece {
                text: choice.delta.content.unwrap_or_default(),
                last: choice.finish_reason.is_some(),
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::Event;

    #[test]
    fn events_are_read_with_all_that_servers_add_or_leave_out() {
        let piece = |text: &str, last| Event::Piece { text: text.to_owned(), last };
        for (data, expected) in [
            (
                r#"{"id":"x","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":null}]}"#,
                piece("Hi", false),
            ),
            (r#"{"choices":[{"delta":{"content":null}}]}"#, piece("", false)),
            (r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, piece("", true)),
            (r#"{"choices":[],"usage":{"total_tokens":9}}"#, piece("", false)),
            (r#"{"error":{"code":7}}"#, Event::Failed(r#"{"code":7}"#.to_owned())),
            (" [DONE]", Event::Done),
        ] {
            assert_eq!(Event::read(data).unwrap(), expected, "{data}");
        }
        for data in ["", "{", "[1]", r#"{"choices":[{"delta":{"content":7}}]}"#] {
            Event::read(data).unwrap_err();
        }
    }
}
