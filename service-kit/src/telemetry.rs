//! Logs, and spans for whoever collects them.
//!
//! Logs go to standard error: readable on a terminal, JSON lines elsewhere. Each line that is written while a
//! request is worked on has its `request_id` and `trace_id` (`request`). `ASTERISM_LOG` filters (default `info`).
//!
//! Spans go to a collector by OTLP (`otlp`) when `OTEL_EXPORTER_OTLP_ENDPOINT` is set. When it is not, none is made.
//! `ASTERISM_LOG` does not touch them.

mod lines;
#[cfg(test)]
mod log;
mod otlp;
pub(crate) mod request;
mod stderr;

use std::{io::IsTerminal, sync::OnceLock};

use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, Targets, filter_fn},
    fmt,
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

use crate::observe;

use lines::Lines;
pub use request::{Named, continued};
pub use stderr::{gather, write_gathered};

/// Makes the spans that no log line belongs to.
static TRACER: OnceLock<SdkTracer> = OnceLock::new();

/// Keeps telemetry going. When it is dropped, what was not exported yet goes out: keep it to the end of `main`.
#[derive(Debug)]
#[must_use = "dropping it ends the export of spans"]
pub struct Telemetry(Option<SdkTracerProvider>);

/// Starts logging, and exporting spans if the environment says where to. `service` and `version` are what they are
/// known by; `OTEL_SERVICE_NAME` names the service otherwise.
pub fn init(service: &'static str, version: &'static str) -> Telemetry {
    let filter = std::env::var("ASTERISM_LOG").unwrap_or_default();
    let logs = if std::io::stderr().is_terminal() {
        filtered(fmt::layer().with_writer(std::io::stderr), &filter, Request::AsSpan)
    } else {
        filtered(Lines::new(stderr::Unlocked), &filter, Request::AsTask)
    };
    let exporter = otlp::provider(service, version);
    let provider = exporter.as_ref().ok().and_then(Option::clone);
    let tracer = provider.as_ref().map(otlp::tracer);
    let lines = tracing_subscriber::registry().with(logs);
    // A second call finds a subscriber already there, which only tests do.
    match tracer {
        // Not `with` no layer: that would be one which wants all spans.
        None => lines.try_init().ok(),
        Some(tracer) => {
            TRACER.set(tracer.clone()).ok();
            lines.with(otlp::layer(tracer)).try_init().ok()
        }
    };
    match (exporter, &provider) {
        (Err(error), _) => {
            tracing::error!(cause = crate::chain(&error), "spans are not exported");
        }
        (Ok(_), Some(_)) => tracing::info!(service, version, "spans are exported"),
        (Ok(_), None) => {}
    }
    Telemetry(provider)
}

/// What writes lines knows a request's ids by.
#[derive(Clone, Copy)]
enum Request {
    AsSpan,
    AsTask,
}

/// Lets `lines` pass that `filter` names, as [`EnvFilter`] reads it.
fn filtered<S>(
    lines: impl Layer<S> + Send + Sync,
    filter: &str,
    ids: Request,
) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let filter = if filter.is_empty() { "info" } else { filter };
    // What goes by levels and targets alone need not look at every span, which a lock is held for.
    // A span in brackets would be read as a target there.
    let targets = filter.parse::<Targets>().ok().filter(|_| !filter.contains('['));
    if let Some(targets) = targets {
        return match ids {
            Request::AsSpan => lines.with_filter(targets).boxed(),
            // Then nobody but an exporter wants the span, and without one it is not made.
            Request::AsTask => lines.with_filter(targets.and(filter_fn(is_no_request))).boxed(),
        };
    }
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    lines.with_filter(filter).boxed()
}

/// Tells whether something is not the span that every request has (`observe`).
fn is_no_request(what: &Metadata<'_>) -> bool {
    !(what.is_span() && what.target() == observe::TARGET)
}

/// Returns what makes spans, where they are exported.
pub(crate) fn tracer() -> Option<&'static SdkTracer> {
    TRACER.get()
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(provider) = &self.0
            && let Err(error) = provider.shutdown_with_timeout(otlp::LAST)
        {
            tracing::warn!(%error, "the last spans were not exported");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use axum::{Router, body::Body, http, http::StatusCode, routing::get};
    use serde_json::Value;
    use tower::ServiceExt;
    use tracing::{Instrument, Span};
    use tracing_subscriber::layer::SubscriberExt;
    use utoipa::OpenApi;

    use super::{
        Request, continued,
        lines::Lines,
        log::{ALONE, Log},
    };
    use crate::{ApiError, Readiness, app};

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[derive(OpenApi)]
    struct Api;

    fn service() -> Router {
        let works = async || {
            tracing::info!(items = 3, "working");
            let deeper = async { tracing::warn!("deeper") };
            deeper.instrument(tracing::info_span!("part", name = "x")).await;
            tokio::spawn(continued(async { tracing::warn!("beside") })).await.unwrap();
        };
        let fails = async || {
            let cause = io::Error::other("the disk is \"full\"\nreally");
            ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", "It is.").caused_by(cause)
        };
        let routes = Router::new().route("/works/{id}", get(works)).route("/fails", get(fails));
        app(routes, Readiness::waiting("nothing"), Api::openapi())
    }

    /// Asks for `path`; returns what was logged.
    async fn logged(path: &str, filter: &str) -> Vec<String> {
        let _alone = ALONE.lock().await;
        let log = Log::default();
        let writer = log.clone();
        let layer = super::filtered(Lines::new(move || writer.clone()), filter, Request::AsTask);
        let subscriber = tracing_subscriber::registry().with(layer);
        let _here = tracing::subscriber::set_default(subscriber);
        let request = http::Request::builder()
            .uri(path)
            .header("x-request-id", "my-id")
            .header("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01"));
        service().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        log.lines()
    }

    #[tokio::test]
    async fn every_line_of_a_request_is_one_json_object_with_its_ids() {
        let (works, fails) = (logged("/works/1", "info").await, logged("/fails", "info").await);
        assert_eq!((works.len(), fails.len()), (4, 1), "{works:?} {fails:?}");
        for line in works.iter().chain(&fails) {
            let told: Value = serde_json::from_str(line).unwrap();
            assert_eq!((&told["request_id"], &told["trace_id"]), (&"my-id".into(), &TRACE.into()));
            for field in ["timestamp", "level", "target", "message"] {
                assert!(told[field].is_string(), "{field}: {line}");
            }
            for (field, _) in told.as_object().unwrap() {
                let once = line.matches(&format!("\"{field}\":")).count() == 1;
                assert!(once, "{field}: {line}");
            }
        }
        let last: Value = serde_json::from_str(&works[3]).unwrap();
        assert_eq!((&last["route"], &last["status"]), (&"/works/{id}".into(), &200.into()));
        let failed: Value = serde_json::from_str(&fails[0]).unwrap();
        assert_eq!(
            (&failed["level"], &failed["message"]),
            (&"ERROR".into(), &"request failed".into())
        );
        assert_eq!(failed["cause"], "the disk is \"full\"\nreally");
    }

    #[tokio::test]
    async fn a_span_of_a_request_is_made_for_those_who_want_one_only() {
        let _alone = ALONE.lock().await;
        let made = async || Span::current().metadata().is_some().to_string();
        for (filter, ids, expected) in [
            ("info", Request::AsTask, "false"),
            ("info", Request::AsSpan, "true"),
            // By what is in it lines may be chosen.
            ("info,[request]=debug", Request::AsTask, "true"),
        ] {
            let lines = super::filtered(Lines::new(std::io::sink), filter, ids);
            let _here =
                tracing::subscriber::set_default(tracing_subscriber::registry().with(lines));
            let service = app(
                Router::new().route("/", get(made)),
                Readiness::waiting("nothing"),
                Api::openapi(),
            );
            let request = http::Request::get("/").body(Body::empty()).unwrap();
            let answer = service.oneshot(request).await.unwrap().into_body();
            let answer = axum::body::to_bytes(answer, 10).await.unwrap();
            assert_eq!(answer, expected, "{filter}");
        }
    }

    #[tokio::test]
    async fn a_filter_that_lets_a_line_pass_lets_its_ids_pass() {
        let lines = logged("/works/1", "warn").await;
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].contains("deeper") && lines[0].contains("my-id"), "{lines:?}");
        assert!(logged("/healthz", "").await.is_empty(), "asked too often to be told");
        for (filter, expected) in
            [("warn,service_kit::telemetry=info", 3), ("error,[part]=info", 1), ("not a=filter", 4)]
        {
            assert_eq!(logged("/works/1", filter).await.len(), expected, "{filter}");
        }
    }
}
