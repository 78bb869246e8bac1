//! Log lines as JSON objects: an event's fields, and beside them those of the spans and of the request that it
//! happened in.
//!
//! A field that an event and a span have, or a span and one around it, is that of the innermost: a line names no
//! field twice. A value that is recorded again replaces what it was.
//!
//! Written here because every request is such a line: `json-subscriber`, which it replaces, makes a tree of values
//! first. Not here: which lines are wanted (`telemetry`).

use std::{
    cell::RefCell,
    fmt::{Debug, Write as _},
    io::Write as _,
    ops::Range,
    time::SystemTime,
};

use humantime::format_rfc3339_micros;
use serde::Serialize;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_log::NormalizeEvent;
use tracing_subscriber::{Layer, fmt::MakeWriter, layer::Context, registry::LookupSpan};

use super::request;

thread_local! {
    /// Room for one line.
    static LINE: RefCell<Fields> = RefCell::default();
}

/// A line longer than this gives its room back.
const ROOM: usize = 4096;

/// Writes each event as a line.
#[derive(Debug)]
pub(super) struct Lines<W>(W);

impl<W> Lines<W> {
    /// Each line is one write to what `writer` makes.
    pub(super) fn new(writer: W) -> Self {
        Self(writer)
    }
}

/// Fields as JSON has them, in the order in which they came.
#[derive(Debug, Default)]
struct Fields {
    /// `,"name":value` for each.
    text: Vec<u8>,
    /// Where in `text`; those that were replaced are in no place.
    places: Vec<(&'static str, Range<usize>)>,
    /// Room for a value's own words.
    words: String,
}

impl Fields {
    fn has(&self, name: &str) -> bool {
        self.places.iter().any(|(other, _)| *other == name)
    }

    /// Adds a field in place of one of the same name.
    fn put(&mut self, name: &'static str, value: impl Serialize) {
        // Where a record of the `log` crate comes from; what counts of it is the line's level and target.
        if name.starts_with("log.") {
            return;
        }
        self.places.retain(|(other, _)| *other != name);
        self.add(name, |text| serde_json::to_writer(text, &value).is_ok());
    }

    /// Adds a field that is not there yet, of characters that JSON takes as they are.
    fn put_plain(&mut self, name: &'static str, value: &str) {
        self.add(name, |text| {
            text.push(b'"');
            text.extend_from_slice(value.as_bytes());
            text.push(b'"');
            true
        });
    }

    /// Adds a field whose value `write` writes, if it can.
    fn add(&mut self, name: &'static str, write: impl FnOnce(&mut Vec<u8>) -> bool) {
        let start = self.text.len();
        self.text.extend_from_slice(b",\"");
        // The names of fields are Rust's identifiers and dots.
        self.text.extend_from_slice(name.as_bytes());
        self.text.extend_from_slice(b"\":");
        if write(&mut self.text) {
            self.places.push((name, start..self.text.len()));
        } else {
            self.text.truncate(start);
        }
    }

    /// Adds a field of the words that `write` writes, if it can.
    fn put_words(
        &mut self,
        name: &'static str,
        write: impl FnOnce(&mut String) -> std::fmt::Result,
    ) {
        let mut words = std::mem::take(&mut self.words);
        words.clear();
        if write(&mut words).is_ok() {
            self.put(name, &*words);
        }
        self.words = words;
    }

    /// Adds those of `outer` that are not here.
    fn join(&mut self, outer: &Self) {
        for (name, place) in &outer.places {
            if !self.has(name)
                && let Some(text) = outer.text.get(place.clone())
            {
                let start = self.text.len();
                self.text.extend_from_slice(text);
                self.places.push((name, start..self.text.len()));
            }
        }
    }

    fn clear(&mut self) {
        self.text.clear();
        self.places.clear();
        self.text.shrink_to(ROOM);
        self.words.shrink_to(ROOM);
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field.name(), value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field.name(), value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field.name(), value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field.name(), value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field.name(), value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put_words(field.name(), |words| write!(words, "{value:?}"));
    }
}

impl<S, W> Layer<S> for Lines<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        // As much as a request's own span takes, which most are.
        let (text, places) = (Vec::with_capacity(160), Vec::with_capacity(4));
        let mut fields = Fields { text, places, words: String::new() };
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        LINE.with(|line| match line.try_borrow_mut() {
            Ok(mut line) => self.tell(event, &context, &mut line),
            // A value that logs while it is written.
            Err(_) => self.tell(event, &context, &mut Fields::default()),
        });
    }
}

impl<W> Lines<W>
where
    W: for<'a> MakeWriter<'a> + 'static,
{
    fn tell<S>(&self, event: &Event<'_>, context: &Context<'_, S>, line: &mut Fields)
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        line.clear();
        // That of a record of the `log` crate is in its fields.
        let normal = event.normalized_metadata();
        let about = normal.as_ref().unwrap_or_else(|| event.metadata());
        // Without a time it is still worth reading.
        line.put_words("timestamp", |now| {
            write!(now, "{}", format_rfc3339_micros(SystemTime::now()))
        });
        line.put_plain("level", about.level().as_str());
        // The path of a module, or what somebody wrote in its place.
        line.put("target", about.target());
        event.record(line);
        let spans = context.event_scope(event);
        for span in spans.into_iter().flatten() {
            if let Some(fields) = span.extensions().get::<Fields>() {
                line.join(fields);
            }
        }
        request::named(|ids| {
            // What a caller sent as an id may be anything that is visible.
            if !line.has("request_id") {
                line.put("request_id", ids.request_id());
            }
            if !line.has("trace_id") {
                line.put_plain("trace_id", ids.trace_id());
            }
        });
        if let Some(first) = line.text.first_mut() {
            *first = b'{';
        }
        line.text.extend_from_slice(b"}\n");
        // There is nobody left to tell that nothing can be told.
        self.0.make_writer_for(about).write_all(&line.text).ok();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tracing::{field::Empty, info, info_span};
    use tracing_subscriber::layer::SubscriberExt;

    use super::{
        super::log::{ALONE, Log},
        Lines,
    };

    /// Returns the lines that `work` writes, without time and target.
    fn told(work: impl FnOnce()) -> Vec<Value> {
        let _alone = ALONE.blocking_lock();
        let log = Log::default();
        let writer = log.clone();
        let layer = Lines::new(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
        let line = |line: &String| {
            let mut line: serde_json::Map<String, Value> = serde_json::from_str(line).unwrap();
            assert!(line.remove("timestamp").is_some() && line.remove("target").is_some());
            Value::Object(line)
        };
        log.lines().iter().map(line).collect()
    }

    #[test]
    fn values_keep_their_kind() {
        let nothing = f64::NAN;
        let lines =
            told(|| info!(a = 1, b = -1, c = 0.5, d = true, e = %"x\"\n", nothing, "hello"));
        let expected = json!({
            "level": "INFO", "message": "hello",
            "a": 1, "b": -1, "c": 0.5, "d": true, "e": "x\"\n", "nothing": null,
        });
        assert_eq!(lines, [expected]);
    }

    #[test]
    fn the_innermost_and_the_last_of_a_name_counts() {
        let lines = told(|| {
            let outer = info_span!("outer", a = 1, b = 1, c = 1, later = Empty, never = Empty);
            outer.record("later", 1);
            outer.record("later", 2);
            let _outer = outer.enter();
            let _inner = info_span!("inner", b = 2, c = 2).entered();
            info!(c = 3);
        });
        assert_eq!(lines, [json!({ "level": "INFO", "a": 1, "b": 2, "c": 3, "later": 2 })]);
    }

    #[test]
    fn records_of_the_log_crate_are_lines_like_others() {
        let lines = told(|| {
            tracing_log::LogTracer::init().ok();
            tracing_log::log::warn!(target: "elsewhere", "told");
        });
        assert_eq!(lines, [json!({ "level": "WARN", "message": "told" })]);
    }
}
