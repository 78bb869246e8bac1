//! Reading server-sent events from an answer to any request.
//!
//! `EventSource` only knows `GET`, so the stream is parsed here
//! ([WHATWG HTML, 9.2.6](https://html.spec.whatwg.org/multipage/server-sent-events.html)).
//! Not here: reconnecting, which needs the id of the last event; retry times are passed over.

use contract::Problem;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response, TextDecodeOptions, TextDecoder};

use crate::client;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `message` when the server names none.
    pub name: String,
    /// Lines joined by `\n`.
    pub data: String,
    /// The last id that the server has given, to this event or one before it; empty when none.
    pub id: String,
}

/// Turns pieces of text, cut anywhere, into events.
#[derive(Debug, Default)]
pub struct Parser {
    buffer: String,
    name: String,
    data: Vec<String>,
    id: String,
}

impl Parser {
    /// Takes more text and returns the events that it completes.
    pub fn push(&mut self, text: &str) -> Vec<Event> {
        self.buffer.push_str(text);
        let mut events = Vec::new();
        while let Some(end) = self.buffer.find('\n') {
            let line: String = self.buffer.drain(..=end).collect();
            events.extend(self.line(line.trim_end_matches(['\n', '\r'])));
        }
        events
    }

    fn line(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            let data = std::mem::take(&mut self.data);
            let name = if name.is_empty() { "message".to_owned() } else { name };
            return (!data.is_empty()).then(|| Event {
                name,
                data: data.join("\n"),
                id: self.id.clone(),
            });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => self.data.push(value.to_owned()),
            "id" => value.clone_into(&mut self.id),
            // Comments have an empty field name.
            _ => {}
        }
        None
    }
}

/// Calls `on_event` for each event until the stream ends or `on_event` answers `false`.
///
/// # Errors
/// The stream broke.
pub async fn read(
    response: &Response,
    mut on_event: impl FnMut(Event) -> bool,
) -> Result<(), Problem> {
    let broken = || client::broken_stream();
    let stream = response.body().ok_or_else(broken)?;
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let decoder = TextDecoder::new().map_err(|_| broken())?;
    let options = TextDecodeOptions::new();
    options.set_stream(true);
    let mut parser = Parser::default();
    loop {
        let step =
            JsFuture::from(reader.read()).await.map_err(|error| client::unreachable(&error))?;
        let done = js_sys::Reflect::get(&step, &"done".into()).is_ok_and(|done| done.is_truthy());
        if done {
            return Ok(());
        }
        let chunk = js_sys::Reflect::get(&step, &"value".into()).map_err(|_| broken())?;
        let chunk = chunk.dyn_into::<js_sys::Object>().map_err(|_| broken())?;
        let text = decoder
            .decode_with_buffer_source_and_options(&chunk, &options)
            .map_err(|_| broken())?;
        for event in parser.push(&text) {
            if !on_event(event) {
                // The rest is of no interest; ends the work on the server too.
                JsFuture::from(reader.cancel()).await.ok();
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Parser};

    fn event(name: &str, data: &str, id: &str) -> Event {
        Event { name: name.to_owned(), data: data.to_owned(), id: id.to_owned() }
    }

    #[test]
    fn events_survive_being_cut_anywhere() {
        let text = ": hello\r\nevent: token\nid: m-1\ndata: {\"a\":1}\n\ndata: x\ndata:y\n\nevent: none\n\n";
        let expected = [event("token", "{\"a\":1}", "m-1"), event("message", "x\ny", "m-1")];
        for cut in 0..text.len() {
            let mut parser = Parser::default();
            let mut events = parser.push(&text[..cut]);
            events.extend(parser.push(&text[cut..]));
            assert_eq!(events, expected, "cut at {cut}");
        }
    }
}
