//! [W3C trace context](https://www.w3.org/TR/trace-context/): continued where it is valid, begun where not.
//!
//! Every request gets a span of its own, whose id stands in the `traceparent` that handlers see and pass on.
//! Where spans are exported (`telemetry`), it is the exported span's; else it is made up, so that log lines of a gateway
//! and the service that it asked can be put together all the same.

mod client;

use std::ops::Range;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use opentelemetry::{
    Context, KeyValue, SpanId, TraceFlags, TraceId,
    trace::{SpanContext, Status, TraceContextExt, TraceState},
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

pub use client::{ClientSpan, Try};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
/// Where the ids stand in a `traceparent`.
const TRACE: Range<usize> = 3..35;
const SPAN: Range<usize> = 36..52;

/// The span of a request.
#[derive(Debug)]
pub(crate) struct Own {
    /// What log lines and spans inside of it belong to.
    pub(crate) span: Span,
    pub(crate) written: Written,
    exported: bool,
}

/// A span's `traceparent`. Every request has one and each of its lines a part of it: so it is written once, and not by
/// way of `Display`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written([u8; 55]);

impl Own {
    /// Begins the span, made by `span` of its trace's id, and names it in the request's `traceparent`.
    pub(crate) fn begin(
        headers: &mut HeaderMap,
        method: &Method,
        span: impl FnOnce(&str) -> Span,
    ) -> Self {
        let given = read(headers);
        if given.is_none() {
            // It belongs to a trace that is not continued.
            headers.remove(TRACESTATE);
        }
        let made = Written::of(&from_random(given.as_ref(), rand::random()));
        let span = span(made.trace_id());
        let exported = exported(&span, given.as_ref(), method);
        let written = exported.as_ref().map_or(made, Written::of);
        headers.insert(TRACEPARENT, written.header());
        Self { exported: exported.is_some(), written, span }
    }

    /// Returns the span's id.
    pub(crate) fn id(&self) -> &str {
        self.written.span_id()
    }

    /// Tells those who export it how it ended, and of which route it was, which is known at the end only.
    pub(crate) fn answered(&self, method: &Method, route: &str, status: StatusCode) {
        if !self.exported {
            return;
        }
        let context = self.span.context();
        let exported = context.span();
        exported.update_name([method.as_str(), " ", route].concat());
        exported.set_attribute(KeyValue::new("http.route", route.to_owned()));
        let code = i64::from(status.as_u16());
        exported.set_attribute(KeyValue::new("http.response.status_code", code));
        if status.is_server_error() {
            exported.set_status(Status::error(""));
        }
    }
}

/// Returns the headers by which a request to another service becomes part of the trace of the work that goes on:
/// none where spans are not exported.
#[must_use]
pub fn outgoing() -> HeaderMap {
    let mut headers = HeaderMap::new();
    let context = Span::current().context();
    let own = context.span().span_context().clone();
    if own.is_valid() {
        headers.insert(TRACEPARENT, Written::of(&own).header());
    }
    headers
}

/// Begins the span for those who export it. `None` where nobody does.
fn exported(span: &Span, given: Option<&SpanContext>, method: &Method) -> Option<SpanContext> {
    let parent = Context::new();
    let parent = match given {
        Some(given) => parent.with_remote_span_context(given.clone()),
        None => parent,
    };
    span.set_parent(parent).ok()?;
    // As OpenTelemetry's conventions for HTTP have it.
    span.record("otel.kind", "server");
    span.set_attribute("http.request.method", method.as_str().to_owned());
    let own = span.context().span().span_context().clone();
    if !own.is_valid() {
        return None;
    }
    span.record("trace_id", tracing::field::display(own.trace_id()));
    Some(own)
}

/// Continues the trace, or begins one, with a span that nobody exports.
fn from_random(given: Option<&SpanContext>, random: [u8; 24]) -> SpanContext {
    let [a, b, c, d, e, f, g, h, trace @ ..] = random;
    let (trace, flags) = match given {
        Some(given) => (given.trace_id(), given.trace_flags()),
        None => (TraceId::from_bytes(trace), TraceFlags::SAMPLED),
    };
    let span = SpanId::from_bytes([a, b, c, d, e, f, g, h]);
    SpanContext::new(trace, span, flags, false, TraceState::default())
}

impl Written {
    fn of(own: &SpanContext) -> Self {
        let mut text = [b'-'; 55];
        let (trace, span) = (own.trace_id().to_bytes(), own.span_id().to_bytes());
        let flags = [own.trace_flags().to_u8()];
        let parts: [(Range<usize>, &[u8]); 4] =
            [(0..2, &[0]), (TRACE, &trace), (SPAN, &span), (53..55, &flags)];
        for (place, bytes) in parts {
            if let Some(place) = text.get_mut(place) {
                // Each place has two digits for each byte.
                hex::encode_to_slice(bytes, place).ok();
            }
        }
        Self(text)
    }

    pub(crate) fn trace_id(&self) -> &str {
        self.part(TRACE)
    }

    fn span_id(&self) -> &str {
        self.part(SPAN)
    }

    fn part(&self, place: Range<usize>) -> &str {
        self.0.get(place).and_then(|part| std::str::from_utf8(part).ok()).unwrap_or_default()
    }

    fn header(&self) -> HeaderValue {
        // Digits and dashes are a header's value.
        HeaderValue::from_bytes(&self.0).unwrap_or(HeaderValue::from_static(""))
    }
}

/// Reads what was sent, if that is one valid header.
fn read(headers: &HeaderMap) -> Option<SpanContext> {
    let mut given = headers.get_all(TRACEPARENT).iter();
    match (given.next(), given.next()) {
        (Some(value), None) => parse(value.to_str().ok()?),
        _ => None,
    }
}

fn parse(header: &str) -> Option<SpanContext> {
    let mut parts = header.splitn(5, '-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |text: &str, len| {
        text.len() == len && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let more = parts.next().is_some();
    // A later version may carry more; of it we know only what version 00 has.
    let known = hex(version, 2) && version != "ff" && (version != "00" || !more);
    if !(known && hex(trace, 32) && hex(span, 16) && hex(flags, 2)) {
        return None;
    }
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?);
    let given = SpanContext::new(trace, span, flags, true, TraceState::default());
    given.is_valid().then_some(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn after(given: &[&str]) -> (String, bool) {
        let mut headers = HeaderMap::new();
        for value in given {
            headers.append(TRACEPARENT, HeaderValue::from_str(value).unwrap());
        }
        headers.insert(TRACESTATE, HeaderValue::from_static("vendor=1"));
        let own = Own::begin(&mut headers, &Method::GET, |_| Span::none());
        assert_eq!(headers.get_all(TRACEPARENT).iter().count(), 1);
        let value = headers[TRACEPARENT].to_str().unwrap().to_owned();
        assert!(value.contains(own.id()) && parse(&value).is_some(), "{value}");
        (value, headers.contains_key(TRACESTATE))
    }

    #[test]
    fn a_valid_trace_is_continued_under_a_new_span() {
        for (given, flags) in [
            (format!("00-{GIVEN}-00f067aa0ba902b7-01"), "01"),
            (format!("00-{GIVEN}-00f067aa0ba902b7-00"), "00"),
            (format!("cc-{GIVEN}-00f067aa0ba902b7-01-what-comes-later"), "01"),
        ] {
            let (value, state) = after(&[given.as_str()]);
            assert!(
                value.starts_with(&format!("00-{GIVEN}-")) && value.ends_with(flags),
                "{value}"
            );
            assert!(!value.contains("00f067aa0ba902b7") && state, "{value}");
        }
    }

    #[test]
    fn anything_else_begins_a_trace() {
        let good = format!("00-{GIVEN}-00f067aa0ba902b7-01");
        let (value, state) = after(&[]);
        assert!(value.ends_with("-01") && !state, "{value}");
        assert!(!after(&[&good, &good]).0.contains(GIVEN), "two are none");
        for bad in [
            "",
            "garbage",
            &format!("ff-{GIVEN}-00f067aa0ba902b7-01"),
            &format!("00-{GIVEN}-00f067aa0ba902b7-01-more"),
            &format!("00-{GIVEN}-0000000000000000-01"),
            &format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            &format!("00-{}-00f067aa0ba902b7-01", GIVEN.to_uppercase()),
            &format!("00-{GIVEN}-00f067aa0ba902b7"),
        ] {
            let (value, state) = after(&[bad]);
            assert!(!value.contains(GIVEN) && value.ends_with("-01") && !state, "{bad:?}: {value}");
        }
    }

    #[test]
    fn ids_are_made_of_randomness_and_written_as_the_standard_has_them() {
        let own = Written::of(&from_random(None, std::array::from_fn(|n| n as u8)));
        let (trace, span) = ("08090a0b0c0d0e0f1011121314151617", "0001020304050607");
        assert_eq!((own.trace_id(), own.span_id()), (trace, span));
        assert_eq!(own.header(), format!("00-{trace}-{span}-01"));
    }
}
