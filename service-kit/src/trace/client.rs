//! The span of one try to get an answer from another service, as its caller sees it.
//!
//! Named and described as [OpenTelemetry's conventions for HTTP clients][conventions] have it, but for the whole URL,
//! which may tell what a person reads. Where spans are not exported none is made: it costs the look whether they are.
//!
//! Not here: spans of requests that came (`observe`).
//!
//! [conventions]: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span

use std::fmt;

use axum::http::{HeaderMap, Method, StatusCode, uri::Authority};
use opentelemetry::{
    Context, KeyValue,
    trace::{Span as _, SpanContext, SpanKind, Status, TraceContextExt, Tracer},
};
use opentelemetry_sdk::trace::{SdkTracer, Span};

use super::{TRACEPARENT, Written, read};
use crate::{meters, telemetry};

/// A try that goes on. One that is dropped was given up, and its span has no result.
#[derive(Debug)]
pub struct ClientSpan(Option<Box<Span>>);

/// What is tried.
#[derive(Clone, Copy, Debug)]
pub struct Try<'a> {
    /// The request's method.
    pub method: &'a Method,
    /// Whom it is sent to.
    pub server: &'a Authority,
    /// Its path, with placeholders for what differs from request to request.
    pub template: fmt::Arguments<'a>,
    /// How often it was sent before.
    pub resends: u32,
}

impl ClientSpan {
    /// Begins the span as a child of that which `traceparent` names, and names it there in its place.
    pub fn begin(headers: &mut HeaderMap, what: Try<'_>) -> Self {
        Self(telemetry::tracer().and_then(|tracer| begin(tracer, headers, what)))
    }

    /// Ends it with the head of an answer.
    pub fn answered(self, status: StatusCode) {
        let Some(mut span) = self.0 else { return };
        span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
        if status.is_client_error() || status.is_server_error() {
            span.set_attribute(KeyValue::new("error.type", status.as_str().to_owned()));
            span.set_status(Status::error(""));
        }
    }

    /// Ends it without an answer; `kind` is one of few words.
    pub fn failed(self, kind: &'static str) {
        let Some(mut span) = self.0 else { return };
        span.set_attribute(KeyValue::new("error.type", kind));
        span.set_status(Status::error(""));
    }
}

fn begin(tracer: &SdkTracer, headers: &mut HeaderMap, what: Try<'_>) -> Option<Box<Span>> {
    let Try { method, server, template, resends } = what;
    let parent = read(headers)?;
    // It is our own, of the request that came.
    let (trace, id, flags) = (parent.trace_id(), parent.span_id(), parent.trace_flags());
    let parent = SpanContext::new(trace, id, flags, false, parent.trace_state().clone());
    let parent = Context::new().with_remote_span_context(parent);
    let method = meters::name(method);
    let verb = if method == meters::OTHER { "HTTP" } else { method };
    let mut attributes = vec![
        KeyValue::new("http.request.method", method),
        KeyValue::new("server.address", server.host().trim_matches(['[', ']']).to_owned()),
        KeyValue::new("server.port", i64::from(server.port_u16().unwrap_or(80))),
        KeyValue::new("url.template", template.to_string()),
    ];
    if resends > 0 {
        attributes.push(KeyValue::new("http.request.resend_count", i64::from(resends)));
    }
    let span = tracer
        .span_builder(format!("{verb} {template}"))
        .with_kind(SpanKind::Client)
        .with_attributes(attributes)
        .start_with_context(tracer, &parent);
    // That of an exporter that ended is not: the parent stays.
    if span.span_context().is_valid() {
        headers.insert(TRACEPARENT, Written::of(span.span_context()).header());
    }
    Some(Box::new(span))
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::TracerProvider;
    use opentelemetry_sdk::trace::SdkTracerProvider;

    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn headers(flags: &str) -> HeaderMap {
        let value = format!("00-{TRACE}-00f067aa0ba902b7-{flags}");
        HeaderMap::from_iter([(TRACEPARENT, value.parse().unwrap())])
    }

    fn tried(tracer: &SdkTracer, headers: &mut HeaderMap) -> Option<Box<Span>> {
        let server = Authority::from_static("[::1]:80");
        let template = format_args!("/x/{}", "{y}");
        begin(tracer, headers, Try { method: &Method::GET, server: &server, template, resends: 0 })
    }

    #[test]
    fn the_service_is_told_of_the_try_and_whether_to_keep_it() {
        let provider = SdkTracerProvider::builder().build();
        let tracer = provider.tracer("test");
        for (flags, recorded) in [("01", true), ("00", false)] {
            let mut headers = headers(flags);
            let span = tried(&tracer, &mut headers).unwrap();
            let id = span.span_context().span_id();
            assert_eq!(headers[TRACEPARENT], format!("00-{TRACE}-{id}-{flags}"));
            assert_eq!(span.is_recording(), recorded, "as the caller says");
        }
        provider.shutdown().unwrap();
        let mut after = headers("01");
        tried(&tracer, &mut after);
        assert_eq!(after, headers("01"), "spans that end with the process hide no trace");
    }

    #[test]
    fn nothing_is_made_where_spans_are_not_exported() {
        let (method, server) = (Method::GET, Authority::from_static("a"));
        let mut sent = headers("01");
        let template = format_args!("/");
        let what = Try { method: &method, server: &server, template, resends: 0 };
        assert!(ClientSpan::begin(&mut sent, what).0.is_none());
        assert_eq!(sent, headers("01"));
    }
}
