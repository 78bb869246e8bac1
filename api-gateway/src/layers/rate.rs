//! Refuses who asks for more than the budgets allow, and tells everybody on `/api` what is left.
//!
//! The answer is a 429 with `Retry-After` and the headers of [the IETF's draft][draft].
//!
//! [draft]: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/

use std::time::Duration;

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use service_kit::{ApiError, Around};
use sha2::{Digest, Sha256};

use super::client_address;
use crate::{
    AppState, beacons,
    limits::{Spent, Who},
    proxy::path,
    waiting,
};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Counts the request, and lets it pass or not.
pub(super) struct Limited(pub(super) AppState);

impl Around for Limited {
    /// What is told of the budget, on `/api`.
    type Kept = Option<Spent>;

    fn before(&self, request: &mut Request) -> Result<Option<Spent>, Box<Response>> {
        let who = who(&self.0, request);
        let domain = path::named(request.uri().path());
        let spent = self.0.current().limiters.take(&who, domain);
        let Some(spent) = spent else { return Ok(None) };
        if let Some(wait) = spent.wait {
            metrics::counter!("requests_limited_total", "budget" => spent.whose).increment(1);
            return Err(refusal(&spent, wait).into());
        }
        Ok(domain.is_some().then_some(spent))
    }

    fn after(&self, spent: Option<Spent>, response: &mut Response) {
        if let Some(spent) = spent {
            tell(response.headers_mut(), &spent);
        }
    }
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
    let (mut one, mut other) = (itoa::Buffer::new(), itoa::Buffer::new());
    let value = ["\"", whose, "\";r=", one.format(*left), ";t=", other.format(reset)].concat();
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(LIMIT, value);
    }
}
