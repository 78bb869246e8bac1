//! An answer as server-sent events.
//!
//! The answer is whole before its first event, so that every failure is still an ordinary problem; the
//! stream only paces it out. It holds no task: a reader who goes away drops the stream, and all ends.

use std::{convert::Infallible, time::Duration};

use axum::response::sse::{Event, KeepAlive, Sse};
use contract::Problem;
use futures_util::{Stream, StreamExt, stream};
use mfe_ask_api::{Answer, Meta, Sources, Token, event};
use serde::Serialize;
use service_kit::ApiError;

/// A piece ends at the first blank after so many bytes.
const PIECE: usize = 12;

/// Returns the events of an answer, with a pause of `pace` before each piece of text but the first.
pub(crate) fn events(
    answer: &Answer,
    pace: Duration,
    request_id: &str,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let Answer { conversation_id, message_id, answer: text, sources, .. } = answer.clone();
    let mut all = vec![named(event::META, &Meta { conversation_id, message_id })];
    all.extend(pieces(&text).map(|piece| named(event::TOKEN, &Token { text: piece.to_owned() })));
    let last_token = all.len();
    all.push(named(event::SOURCES, &Sources { sources, sentences: Vec::new() }));
    all.push(named(event::DONE, answer));
    // An error takes the place of all that should have followed.
    let count = all.iter().position(Result::is_err).map_or(all.len(), |at| at + 1);
    let request_id = request_id.to_owned();
    let events = stream::iter(all).take(count).enumerate().then(move |(at, event)| {
        let event = event.unwrap_or_else(|error| failed(error, &request_id));
        async move {
            if !pace.is_zero() && (2..last_token).contains(&at) {
                tokio::time::sleep(pace).await;
            }
            Ok(event)
        }
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

fn named(name: &str, data: &impl Serialize) -> Result<Event, axum::Error> {
    Event::default().event(name).json_data(data)
}

fn failed(error: axum::Error, request_id: &str) -> Event {
    let error = ApiError::internal(error);
    let problem: Problem = error.problem(request_id);
    tracing::error!(request_id, cause = error.source.map(|e| e.to_string()), "an answer broke off");
    // A problem is plain text and always serialises; without it the name alone still tells.
    named(event::ERROR, &problem).unwrap_or_else(|_| Event::default().event(event::ERROR))
}

/// Splits a text into small pieces that together are the text.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest
            .char_indices()
            .find(|(at, c)| c.is_whitespace() && *at >= PIECE)
            .map_or(rest.len(), |(at, c)| at + c.len_utf8());
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_are_small_end_between_words_and_make_the_text_again() {
        for text in [
            "",
            "one",
            "The last job ran on 14 October 2018: “nineteen” months. [1]\n\nThen ü ê. [2]",
        ] {
            let pieces: Vec<_> = pieces(text).collect();
            assert_eq!(pieces.concat(), text);
            let (last, before) = pieces.split_last().unwrap_or((&"", &[]));
            assert!(before.iter().all(|p| p.ends_with(char::is_whitespace) && p.len() < 30));
            assert!(last.len() < 30, "{last}");
        }
    }
}
