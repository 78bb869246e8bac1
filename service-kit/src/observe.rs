//! Naming, tracing, logging and measuring each request: the outermost layer of every service.

use std::time::Instant;

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use tracing::{Instrument, Span, field::Empty};

use crate::{
    ApiError, Next, REQUEST_ID, chain,
    layers::Known,
    meters,
    ops::QUIET,
    telemetry::request::{self, Ids},
    trace::Own,
};

const ID: HeaderName = HeaderName::from_static(REQUEST_ID);
/// Where the span of a request is made.
pub(crate) const TARGET: &str = module_path!();

/// Names the request, continues its trace, then logs and measures its answer; fills the id into a problem.
pub(crate) async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let header = id(request.headers());
    request.headers_mut().insert(ID, header.clone());
    let id = header.to_str().unwrap_or_default();
    let method = request.method().clone();
    let quiet = QUIET.contains(&request.uri().path());
    let own = Own::begin(request.headers_mut(), &method, |trace| span(id, trace, quiet));

    let ids = Ids::new(header.clone(), own.written);
    let answering = request::within(ids.clone(), next.run(request));
    let mut response = answering.instrument(own.span.clone()).await;

    // It is known to those inside only.
    let route = response.extensions_mut().remove::<Known>();
    let route = route.as_ref().map_or("unmatched", Known::as_str);
    let error = response.extensions_mut().remove::<ApiError>();
    let cause = error.as_ref().and_then(|e| e.source.as_deref()).map(|e| chain(e));
    if let Some(error) = error {
        // Only the body names the request: what the layers in between put into the head stays.
        *response.body_mut() = error.body(id);
        // That of the body that is gone.
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response.headers_mut().insert(ID, header.clone());

    let status = response.status();
    let elapsed = started.elapsed();
    meters::answered(&method, route, status, elapsed);
    own.answered(&method, route, status);

    let duration_ms = elapsed.as_secs_f64() * 1000.0;
    let status = status.as_u16();
    let (span_id, method) = (own.id(), method.as_str());
    let _entered = own.span.enter();
    request::saying(ids, || {
        if let Some(cause) = cause.filter(|_| status >= 500) {
            tracing::error!(span_id, method, route, status, duration_ms, cause, "request failed");
        } else if quiet {
            tracing::debug!(span_id, method, route, status, duration_ms, "request");
        } else if status >= 500 {
            // Without a cause it is a state that we know of (not ready yet, upstream down), not a fault.
            tracing::warn!(span_id, method, route, status, duration_ms, "request refused");
        } else {
            tracing::info!(span_id, method, route, status, duration_ms, "request");
        }
    });
    response
}

/// Returns the id that the request came with, if it is one, or a new one. Copied: as a piece of what was read of the
/// caller it would keep all of that in memory for as long as the answer takes.
fn id(headers: &HeaderMap) -> HeaderValue {
    let is_one = |id: &&HeaderValue| {
        (1..=100).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
    };
    let copy = |id: &HeaderValue| HeaderValue::from_bytes(id.as_bytes()).ok();
    headers.get(ID).filter(is_one).and_then(copy).unwrap_or_else(|| {
        let new = uuid::Uuid::new_v4();
        let made = HeaderValue::from_str(new.hyphenated().encode_lower(&mut [0; 36]));
        made.unwrap_or(HeaderValue::from_static("invalid"))
    })
}

/// Begins the span of a request, if somebody wants one (`telemetry`). Its level is the highest, so that no filter that
/// lets a line pass takes its ids away; that of the operators' endpoints is the lowest but one, so that it is not
/// exported.
fn span(id: &str, trace: &str, quiet: bool) -> Span {
    macro_rules! request {
        ($level:ident) => {
            tracing::$level!("request", request_id = id, trace_id = trace, otel.kind = Empty)
        };
    }
    if quiet { request!(debug_span) } else { request!(error_span) }
}
