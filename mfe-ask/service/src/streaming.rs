//! A run's events as server-sent events.
//!
//! Each has the id `<message>:<number>`; with the last one as `Last-Event-ID` a reader goes on. The stream holds
//! nothing but its place: who reads slowly holds up nobody, and who goes away leaves nothing behind.

use std::{convert::Infallible, time::Duration};

use axum::{
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, stream};
use mfe_ask_api::event;
use serde::Serialize;

use crate::{
    error::AskError,
    runs::{Reader, Told},
};

const LAST_EVENT_ID: &str = "last-event-id";
/// How often a comment is sent while nothing is told, so that nobody on the way takes the line for dead.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// Streams what a reader reads.
pub(crate) fn live(
    reader: Reader,
    request_id: String,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = stream::unfold((reader, request_id), |(mut reader, request_id)| async move {
        let (number, told) = reader.next().await?;
        let event = event(reader.message_id(), number, &told, &request_id);
        Some((Ok(event), (reader, request_id)))
    });
    sse(events)
}

/// Streams what was told before, from a place on.
pub(crate) fn again(
    message_id: &str,
    told: &[Told],
    from: usize,
    request_id: &str,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let events: Vec<_> = told
        .iter()
        .enumerate()
        .skip(from)
        .map(|(number, told)| Ok(event(message_id, number, told, request_id)))
        .collect();
    sse(stream::iter(events))
}

/// Returns the message and the number of the event to go on with, where a request asks for that.
///
/// # Errors
/// [`AskError::NoAnswer`]: the id is none of ours. Who wants to go on must not have asked anew by it.
pub(crate) fn resumed(headers: &HeaderMap) -> Result<Option<(String, usize)>, AskError> {
    let Some(id) = headers.get(LAST_EVENT_ID) else { return Ok(None) };
    let place = id.to_str().ok().and_then(|id| {
        let (message, number) = id.rsplit_once(':')?;
        Some((message.to_owned(), number.parse::<usize>().ok()?.checked_add(1)?))
    });
    place.map(Some).ok_or(AskError::NoAnswer)
}

fn sse<S>(events: S) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<S>>
where
    S: Stream<Item = Result<Event, Infallible>> + Send + 'static,
{
    Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT))
}

fn event(message_id: &str, number: usize, told: &Told, request_id: &str) -> Event {
    let data = match told {
        Told::Meta(meta) => named(event::META, meta),
        Told::Token(token) => named(event::TOKEN, token),
        Told::Sources(sources) => named(event::SOURCES, &**sources),
        Told::Done(answer) => named(event::DONE, &**answer),
        Told::Failed(error) => named(event::ERROR, &error.problem(request_id)),
    };
    // All of them are plain data and always serialise; without it the name alone still tells.
    let event = data.unwrap_or_else(|_| Event::default().event(event::ERROR));
    event.id([message_id, ":", &number.to_string()].concat())
}

fn named(name: &str, data: &impl Serialize) -> Result<Event, axum::Error> {
    Event::default().event(name).json_data(data)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::{LAST_EVENT_ID, resumed};

    #[test]
    fn a_reader_goes_on_after_the_event_that_it_names() {
        for (id, expected) in [
            ("m-1:0", Some(("m-1", 1))),
            ("m:1:41", Some(("m:1", 42))),
            ("m", None),
            ("m:", None),
            ("m:-1", None),
            ("m:18446744073709551615", None),
        ] {
            let name = HeaderName::from_static(LAST_EVENT_ID);
            let headers = HeaderMap::from_iter([(name, HeaderValue::from_static(id))]);
            let found = resumed(&headers).ok().map(Option::unwrap);
            assert_eq!(found.as_ref().map(|(message, at)| (message.as_str(), *at)), expected);
        }
        assert!(matches!(resumed(&HeaderMap::new()), Ok(None)));
    }
}
