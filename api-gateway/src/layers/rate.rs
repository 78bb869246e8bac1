//! Refuses who asks for more than the budgets allow, and tells everybody on `/api` what is left.
//!
//! The answer is a 429 with `Retry-After` and the headers of [the IETF's draft][draft].
//!
//! [draft]: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/

use std::time::Duration;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use service_kit::{ApiError, Next};
use sha2::{Digest, Sha256};

use super::client_address;
use crate::{
    AppState, beacons,
    limits::{Spent, Who},
    waiting,
};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Counts the request, and lets it pass or not.
pub(super) async fn limited(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let who = who(&state, &mut request);
    let domain = domain(request.uri().path());
    let on_api = domain.is_some();
    let spent = state.current().limiters.take(&who, domain);
    let Some(spent) = spent else { return next.run(request).await };
    if let Some(wait) = spent.wait {
        metrics::counter!("requests_limited_total", "budget" => spent.whose).increment(1);
        return refusal(&spent, wait).into_response();
    }
    let mut response = next.run(request).await;
    if on_api {
        tell(response.headers_mut(), &spent);
    }
    response
}

fn who(state: &AppState, request: &mut Request) -> Who {
    let address = client_address(request.extensions());
    // Left for all that is inside.
    let seen = state.sessions.see(request.headers(), beacons::now());
    request.extensions_mut().insert(seen);
    let session = seen.id();
    let key = request.headers().get(header::AUTHORIZATION);
    // Hashed, because it is a secret that would lie in memory for long.
    let key = key.map(|value| Sha256::digest(value.as_bytes()).into());
    Who { address, session, key }
}

/// The `<domain>` of `/api/<domain>/…`.
fn domain(path: &str) -> Option<&str> {
    path.strip_prefix("/api/")?.split('/').next()
}

fn refusal(spent: &Spent, wait: Duration) -> ApiError {
    let seconds = waiting::seconds(wait);
    let (whose, rate) = (spent.whose, spent.rate);
    let detail = format!("This {whose} sends more than {rate}. Try again in {seconds} s.");
    let mut error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail)
        .with_header(header::RETRY_AFTER, HeaderValue::from(seconds));
    tell(&mut error.headers, spent);
    error
}

/// As much of `budget` is left, and `policy` is how it is filled again.
fn tell(headers: &mut HeaderMap, spent: &Spent) {
    let Spent { whose, policy, left, wait, .. } = spent;
    let reset = wait.map_or(1, waiting::seconds);
    headers.insert(POLICY, policy.clone());
    if let Ok(value) = HeaderValue::try_from(format!("\"{whose}\";r={left};t={reset}")) {
        headers.insert(LIMIT, value);
    }
}
