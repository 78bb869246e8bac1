//! Spans on their way to a collector, by OTLP over HTTP.
//!
//! All is said by OpenTelemetry's own environment variables: `OTEL_EXPORTER_OTLP_ENDPOINT` (or `…_TRACES_ENDPOINT`)
//! where to, such as `http://127.0.0.1:4318`; `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*` and
//! `OTEL_RESOURCE_ATTRIBUTES` the rest. A thread of its own sends them in batches; when its queue (2,048 spans) is
//! full because the collector is away or slow, further spans are dropped, and no request waits.

use std::time::Duration;

use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter};
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracer, SdkTracerProvider},
};
use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::{Layer, registry::LookupSpan};

/// How long the end of a process waits for the last spans.
pub(super) const LAST: Duration = Duration::from_secs(2);

/// Says where spans go. Empty is the same as not there.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

/// Makes what exports spans; `None` where the environment names no collector.
pub(super) fn provider(
    service: &'static str,
    version: &'static str,
) -> Result<Option<SdkTracerProvider>, ExporterBuildError> {
    let set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if !ENDPOINTS.iter().any(set) {
        return Ok(None);
    }
    let exporter = SpanExporter::builder().with_http().build()?;
    let builder = Resource::builder();
    // The environment's name counts for more.
    let named = std::env::var_os("OTEL_SERVICE_NAME").is_some();
    let builder = if named { builder } else { builder.with_service_name(service) };
    let resource = builder.with_attribute(KeyValue::new("service.version", version)).build();
    let provider =
        SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource);
    Ok(Some(provider.build()))
}

/// Returns what makes spans.
pub(super) fn tracer(provider: &SdkTracerProvider) -> SdkTracer {
    provider.tracer("asterism")
}

/// Makes spans of our own; what a log line says within one becomes its event.
pub(super) fn layer<S>(tracer: SdkTracer) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    OpenTelemetryLayer::new(tracer)
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_level(false)
        .with_tracked_inactivity(false)
        .with_context_activation(false)
        .with_filter(LevelFilter::INFO)
}
