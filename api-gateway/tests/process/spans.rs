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
    trace::v1::{Span, span::SpanKind},
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
    configure(before.path(), &format!("upstreams.alpha = '{}'\n", service.url));
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
    let of = |service: &str| {
        let of: Vec<&Span> =
            spans.iter().filter(|(from, _)| from == service).map(|(_, span)| span).collect();
        assert_eq!(of.len(), 1, "machines that look whether it is well are no trace: {spans:#?}");
        of[0]
    };
    let (gateway, service) = (of("api-gateway"), of("alpha"));
    for span in [gateway, service] {
        assert_eq!(hex::encode(&span.trace_id), TRACE);
        assert_eq!(span.name, "GET /api/{*path}");
        assert_eq!(span.kind, i32::from(SpanKind::Server));
        assert_eq!(text(&span.attributes, "http.request.method"), "GET");
        assert_eq!(text(&span.attributes, "http.route"), "/api/{*path}");
        assert_eq!(text(&span.attributes, "http.response.status_code"), "404");
        assert_eq!(text(&span.attributes, "request_id"), "my-id");
        assert!(!format!("{span:?}").contains("secret"), "queries may be personal: {span:#?}");
    }
    assert_eq!(hex::encode(&gateway.parent_span_id), CLICK);
    assert_eq!(service.parent_span_id, gateway.span_id);
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
