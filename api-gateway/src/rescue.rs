//! The one table from a failed proxying to the problem that the caller gets.
//!
//! | what happened | status and code | |
//! |---|---|---|
//! | the path could be read in two ways | 400 `bad-path` | |
//! | the caller's body broke off | 400 `unreadable-body` | |
//! | no such domain | 404 `unknown-domain` | |
//! | no connection | 502 `upstream-down` | tried again elsewhere: nothing was sent |
//! | the connection broke before the answer | 502 `upstream-reset` | tried again if the request may be |
//! | protocols switched unasked | 502 `upstream-nonsense` | |
//! | the circuit breaker is open | 503 `breaker-open` | `Retry-After`: when it lets a few through |
//! | every instance is busy | 503 `overloaded` | `Retry-After` |
//! | no instance answers health checks | 503 `no-healthy-instance` | `Retry-After` |
//! | no answer in time | 504 `upstream-timeout` | |
//!
//! Not here: a body that comes too slowly (`layers`); an answer that breaks off after its head. There is no other head to send then: the transfer
//! ends as a broken one, the log has the cause, and `upstream_failures_total` counts it as `cut`.

use std::{sync::Arc, time::Duration};

use axum::http::{HeaderValue, StatusCode, header};
use service_kit::ApiError;

use crate::{
    upstream::{client::ClientError, pool::Refusal},
    waiting,
};

/// Why a request did not get an upstream's answer. Everybody who waited for the same one gets a copy.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum ProxyFailure {
    #[error("the path is not in its plain form")]
    BadPath,
    #[error("the caller broke its request off")]
    CallerBrokeOff,
    #[error("no upstream serves `{0}`")]
    UnknownDomain(String),
    #[error("`{domain}` cannot be reached")]
    Down {
        domain: String,
        #[source]
        source: Arc<ClientError>,
    },
    #[error("`{domain}` broke the connection before its answer")]
    Reset {
        domain: String,
        #[source]
        source: Arc<ClientError>,
    },
    #[error("`{domain}` did not answer in time")]
    TimedOut { domain: String },
    #[error("`{domain}` switched protocols unasked")]
    UnaskedUpgrade { domain: String },
    #[error("`{domain}` was not asked: {refusal:?}")]
    Refused { domain: String, refusal: Refusal },
}

impl From<ProxyFailure> for ApiError {
    fn from(failure: ProxyFailure) -> Self {
        use ProxyFailure::*;

        let (status, code, detail) = match &failure {
            BadPath => (
                StatusCode::BAD_REQUEST,
                "bad-path",
                "Write the path plainly: no empty, `.` or `..` segments, no backslash, and none of \
                 these percent-encoded."
                    .to_owned(),
            ),
            CallerBrokeOff => (
                StatusCode::BAD_REQUEST,
                "unreadable-body",
                "The request broke off. Send it again.".to_owned(),
            ),
            UnknownDomain(domain) => (
                StatusCode::NOT_FOUND,
                "unknown-domain",
                format!("No service of this site answers `/api/{domain}`."),
            ),
            Down { domain, .. } => (
                StatusCode::BAD_GATEWAY,
                "upstream-down",
                format!("The service behind /api/{domain} is down. Try again in a moment."),
            ),
            Reset { domain, .. } => (
                StatusCode::BAD_GATEWAY,
                "upstream-reset",
                format!("The service behind /api/{domain} broke off before its answer. Try again."),
            ),
            UnaskedUpgrade { domain } => (
                StatusCode::BAD_GATEWAY,
                "upstream-nonsense",
                format!("The service behind /api/{domain} switched protocols unasked."),
            ),
            TimedOut { domain } => (
                StatusCode::GATEWAY_TIMEOUT,
                "upstream-timeout",
                format!("The service behind /api/{domain} did not answer in time. Try again."),
            ),
            Refused { domain, refusal } => return refused(domain, *refusal),
        };
        let error = Self::new(status, code, detail);
        // A caller's mistake is no news for operators.
        if status.is_server_error() { error.caused_by(failure) } else { error }
    }
}

/// Returns the answer for a request that is not worth sending now. Without a cause: it is a state that
/// operators see in the metrics, and not a fault of this request.
fn refused(domain: &str, refusal: Refusal) -> ApiError {
    const SOON: Duration = Duration::from_secs(1);

    let (code, why, after) = match refusal {
        Refusal::Open(after) => ("breaker-open", "failed too often and is left alone", after),
        Refusal::Overloaded => ("overloaded", "has as many requests as it can take", SOON),
        Refusal::NoneHealthy => ("no-healthy-instance", "is down", SOON),
    };
    let seconds = waiting::seconds(after);
    let detail = format!("The service behind /api/{domain} {why}. Try again in {seconds} s.");
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
        .with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
}
