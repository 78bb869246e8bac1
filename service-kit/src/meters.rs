//! What operators see of requests at `/metrics`, alike in every service: rate, errors, duration ("RED").
//!
//! | metric | labels | |
//! |---|---|---|
//! | `http_requests_total` | method, route, status | requests answered; errors are those with `status=~"5.."` |
//! | `http_request_duration_seconds` | method, route | histogram: until the head of the answer |
//!
//! Labels are bounded, whatever is sent: a route is its template, never the path, and a method that HTTP does
//! not define is `_OTHER`.
//!
//! In a process that asks for it ([`forget_idle_gauges`]) a gauge that nobody sets for [`IDLE`] is not shown any
//! more: what it told of is gone, an upstream that a reload removed for example.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use axum::http::{Method, StatusCode};
use metrics::{Counter, Histogram, counter, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusRecorder};
use metrics_util::MetricKindMask;

use crate::LookedUp;

/// How long a gauge counts that is not set again.
const IDLE: Duration = Duration::from_secs(10);
static FORGETS: AtomicBool = AtomicBool::new(false);

/// Upper bounds of durations in seconds: those that OpenTelemetry advises for HTTP servers.
pub const DURATIONS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// The name of all methods that HTTP does not define.
pub(crate) const OTHER: &str = "_OTHER";

/// Makes the recorder. Every histogram has buckets, which can be summed up over instances as quantiles cannot.
pub(crate) fn recorder() -> Result<PrometheusRecorder, BuildError> {
    with_idle(FORGETS.load(Ordering::Relaxed).then_some(IDLE))
}

/// Has gauges leave `/metrics` when nobody sets them any more. For a process that sets all of its gauges every
/// few seconds; to be called before [`crate::app`] begins to measure.
pub fn forget_idle_gauges() {
    FORGETS.store(true, Ordering::Relaxed);
}

fn with_idle(idle: Option<Duration>) -> Result<PrometheusRecorder, BuildError> {
    let durations = Matcher::Suffix("_seconds".to_owned());
    let builder = PrometheusBuilder::new().idle_timeout(MetricKindMask::GAUGE, idle);
    Ok(builder.set_buckets_for_metric(durations, &DURATIONS)?.build_recorder())
}

thread_local! {
    /// Of answers by route, and what else they are alike in.
    static ANSWERED: LookedUp<(&'static str, StatusCode), (Histogram, Counter)> = LookedUp::default();
}

/// Counts a request that was answered.
pub(crate) fn answered(method: &Method, route: &str, status: StatusCode, took: Duration) {
    let method = name(method);
    let look_up = || {
        let (route, status) = (route.to_owned(), status.as_str().to_owned());
        let duration = histogram!("http_request_duration_seconds", "method" => method, "route" => route.clone());
        let requests = counter!("http_requests_total", "method" => method, "route" => route, "status" => status);
        (duration, requests)
    };
    ANSWERED.with(|known| {
        known.with(route, (method, status), look_up, |(duration, requests)| {
            duration.record(took.as_secs_f64());
            requests.increment(1);
        });
    });
}

/// Returns a method's name if HTTP defines it: anybody can send others, without end.
pub(crate) fn name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "CONNECT" => "CONNECT",
        "OPTIONS" => "OPTIONS",
        "TRACE" => "TRACE",
        "PATCH" => "PATCH",
        _ => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, time::Duration};

    use axum::http::{Method, StatusCode};

    use super::{answered, with_idle};

    #[test]
    fn a_request_counts_by_method_route_and_status_and_falls_into_a_bucket() {
        let recorder = with_idle(None).unwrap();
        metrics::with_local_recorder(&recorder, || {
            for status in [200, 503] {
                let status = StatusCode::from_u16(status).unwrap();
                answered(&Method::GET, "/api/x/{id}", status, Duration::from_millis(60));
            }
        });
        let text = recorder.handle().render();
        for line in [
            r#"http_requests_total{method="GET",route="/api/x/{id}",status="503"} 1"#,
            r#"http_request_duration_seconds_bucket{method="GET",route="/api/x/{id}",le="0.05"} 0"#,
            r#"http_request_duration_seconds_bucket{method="GET",route="/api/x/{id}",le="0.075"} 2"#,
            r#"http_request_duration_seconds_count{method="GET",route="/api/x/{id}"} 2"#,
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn invented_methods_are_one() {
        let recorder = with_idle(None).unwrap();
        metrics::with_local_recorder(&recorder, || {
            for n in 0..50 {
                let method = Method::from_bytes(format!("X{n}").as_bytes()).unwrap();
                answered(&method, "unmatched", StatusCode::NOT_FOUND, Duration::ZERO);
            }
        });
        let text = recorder.handle().render();
        let methods: BTreeSet<&str> = text.split("method=\"").skip(1).collect();
        assert!(methods.iter().all(|rest| rest.starts_with("_OTHER\"")), "{text}");
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "it is a matter of time")]
    fn a_gauge_that_is_set_no_more_is_shown_no_more() {
        let idle = Duration::from_millis(100);
        let recorder = with_idle(Some(idle)).unwrap();
        let show = |names: &[&'static str]| {
            metrics::with_local_recorder(&recorder, || {
                names.iter().for_each(|name| metrics::gauge!(*name).set(1.0));
            });
            recorder.handle().render()
        };
        assert!(show(&["stays", "goes"]).contains("goes 1"));
        std::thread::sleep(idle * 2);
        let text = show(&["stays"]);
        assert!(text.contains("stays 1") && !text.contains("goes 1"), "{text}");
        assert!(show(&["goes"]).contains("goes 1"), "it came back");
    }
}
