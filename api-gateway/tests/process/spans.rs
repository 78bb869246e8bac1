//! Spans arrive at a collector as one trace, and a collector that is away is nobody's problem.
//!
//! The service behind the gateway is another gateway: both wear `service_kit::app`, as every service does.

use std::{
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{AnyValue, KeyValue, any_value::Value},
    trace::v1::{Span, Status, span::SpanKind, status::StatusCode as Code},
};
use prost::Message;
use tokio::runtime::{Builder, Runtime};

use crate::gateway::{Gateway, configure};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CLICK: &str = "00f067aa0ba902b7";

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A collector that takes OTLP by HTTP: its address, and what arrives.
fn collector() -> (String, Receiver<ExportTraceServiceRequest>) {
    async fn take(
        State(sent): State<Sender<ExportTraceServiceRequest>>,
        body: Bytes,
    ) -> StatusCode {
        sent.send(ExportTraceServiceRequest::decode(body).unwrap()).unwrap();
        StatusCode::OK
    }
    let (sent, arrived) = channel();
    let (tell, address) = channel();
    thread::spawn(move || {
        runtime().block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            let app = Router::new().route("/v1/traces", post(take)).with_state(sent);
            axum::serve(listener, app).await.unwrap();
        });
    });
    (format!("http://{}", address.recv().unwrap()), arrived)
}

fn text(attributes: &[KeyValue], name: &str) -> String {
    let attribute = attributes.iter().find(|attribute| attribute.key == name).unwrap();
    match &attribute.value {
        Some(AnyValue { value: Some(Value::StringValue(text)) }) => text.clone(),
        Some(AnyValue { value: Some(Value::IntValue(number)) }) => number.to_string(),
        other => unreachable!("{name}: {other:?}"),
    }
}

/// The spans that arrived, each with the name of the service that it is from.
fn spans(arrived: &Receiver<ExportTraceServiceRequest>) -> Vec<(String, Span)> {
    let mut spans = Vec::new();
    for resource in arrived.try_iter().flat_map(|request| request.resource_spans) {
        let attributes = resource.resource.unwrap().attributes;
        assert_eq!(text(&attributes, "service.version"), env!("CARGO_PKG_VERSION"));
        let service = text(&attributes, "service.name");
        let of = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
        spans.extend(of.map(|span| (service.clone(), span)));
    }
    spans
}

/// Those of `service` that are of a kind.
fn of<'a>(spans: &'a [(String, Span)], service: &str, kind: SpanKind) -> Vec<&'a Span> {
    let is = |(from, span): &&(String, Span)| from == service && span.kind == i32::from(kind);
    spans.iter().filter(is).map(|(_, span)| span).collect()
}

fn code(span: &Span) -> Code {
    span.status.as_ref().map_or(Code::Unset, Status::code)
}

fn ask(url: &str, headers: &[(&str, &str)]) -> u16 {
    runtime().block_on(async {
        let request = reqwest::Client::new().get(url);
        let request =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.send().await.unwrap().status().as_u16()
    })
}

#[test]
fn one_trace_leads_from_the_browser_through_gateway_and_service() {
    let (collector, arrived) = collector();
    let (behind, before) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    configure(behind.path(), "");
    let export = ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.as_str());
    let service = Gateway::start_with(behind.path(), &[export, ("OTEL_SERVICE_NAME", "alpha")]);
    let address = service.url.clone();
    configure(before.path(), &format!("upstreams.alpha = '{address}'\n"));
    let gateway = Gateway::start_with(before.path(), &[export]);

    let click = format!("00-{TRACE}-{CLICK}-01");
    let headers = [("traceparent", click.as_str()), ("x-request-id", "my-id")];
    assert_eq!(ask(&format!("{}/api/alpha/x?secret=1", gateway.url), &headers), 404);
    assert_eq!(ask(&format!("{}/healthz", gateway.url), &headers), 200);
    // Both logs have the trace, too.
    let lines = [gateway.says("request"), service.says("request")];
    assert!(lines.iter().all(|line| line["trace_id"] == TRACE && line["request_id"] == "my-id"));
    // What is left is exported when a process ends: batches go every five seconds only.
    gateway.end();
    service.end();

    let spans = spans(&arrived);
    assert_eq!(spans.len(), 3, "machines that look whether it is well are no trace: {spans:#?}");
    let gateway = of(&spans, "api-gateway", SpanKind::Server)[0];
    let tried = of(&spans, "api-gateway", SpanKind::Client)[0];
    let service = of(&spans, "alpha", SpanKind::Server)[0];
    for span in [gateway, service] {
        assert_eq!(hex::encode(&span.trace_id), TRACE);
        assert_eq!(span.name, "GET /api/{*path}");
        assert_eq!(text(&span.attributes, "http.request.method"), "GET");
        assert_eq!(text(&span.attributes, "http.route"), "/api/{*path}");
        assert_eq!(text(&span.attributes, "http.response.status_code"), "404");
        assert_eq!(text(&span.attributes, "request_id"), "my-id");
        assert!(!format!("{span:?}").contains("secret"), "queries may be personal: {span:#?}");
    }
    assert_eq!(hex::encode(&gateway.parent_span_id), CLICK);
    assert_eq!(tried.parent_span_id, gateway.span_id);
    assert_eq!(service.parent_span_id, tried.span_id);

    assert_eq!(hex::encode(&tried.trace_id), TRACE);
    assert_eq!(tried.name, "GET /api/alpha/{*path}");
    assert_eq!(code(tried), Code::Error, "it is a client's");
    assert_eq!(code(gateway), Code::Unset, "and no fault of the server's");
    let port = address.rsplit(':').next().unwrap();
    let mut told: Vec<_> = tried.attributes.iter().map(|a| a.key.as_str()).collect();
    told.sort_unstable();
    let expected = [
        ("error.type", "404"),
        ("http.request.method", "GET"),
        ("http.response.status_code", "404"),
        ("server.address", "127.0.0.1"),
        ("server.port", port),
        ("url.template", "/api/alpha/{*path}"),
    ];
    assert_eq!(told, expected.map(|(name, _)| name));
    for (name, value) in expected {
        assert_eq!(text(&tried.attributes, name), value);
    }
}

#[test]
fn each_try_is_a_span() {
    let (collector, arrived) = collector();
    let dir = tempfile::tempdir().unwrap();
    // Nobody listens there any more.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    configure(dir.path(), &format!("upstreams.alpha = 'http://{gone}'\n"));
    let export = ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.as_str());
    let gateway = Gateway::start_with(dir.path(), &[export]);
    assert_eq!(ask(&format!("{}/api/alpha/x", gateway.url), &[]), 502);
    gateway.end();

    let spans = spans(&arrived);
    let request = of(&spans, "api-gateway", SpanKind::Server)[0];
    let mut tries = of(&spans, "api-gateway", SpanKind::Client);
    tries.sort_by_key(|span| span.start_time_unix_nano);
    let has = |span: &Span, name: &str| span.attributes.iter().any(|a| a.key == name);
    assert!(!has(tries[0], "http.request.resend_count"));
    let resends: Vec<_> =
        tries[1..].iter().map(|span| text(&span.attributes, "http.request.resend_count")).collect();
    assert_eq!(resends, ["1", "2"]);
    for span in tries {
        assert_eq!(span.parent_span_id, request.span_id);
        assert_eq!(text(&span.attributes, "error.type"), "connect");
        assert!(code(span) == Code::Error && !has(span, "http.response.status_code"));
    }
}

#[test]
fn a_collector_that_is_away_is_waited_for_by_nobody() {
    let dir = tempfile::tempdir().unwrap();
    configure(dir.path(), "");
    let hole = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    // Takes connections and never answers.
    let endpoint = format!("http://{}", hole.local_addr().unwrap());
    let environment = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "20"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "10"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "5"),
    ];
    let gateway = Gateway::start_with(dir.path(), &environment);
    let begun = Instant::now();
    for _ in 0..40 {
        assert_eq!(ask(&format!("{}/api/alpha/x", gateway.url), &[]), 404);
    }
    // The exporter gives up on one batch after ten seconds: who waited for it would take longer.
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    let told = Instant::now();
    gateway.end();
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
}
