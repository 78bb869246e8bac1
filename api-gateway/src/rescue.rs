//! The one table from a failed proxying to the problem that the caller gets.

use axum::http::StatusCode;
use service_kit::ApiError;

/// Why a request did not get an upstream's answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProxyFailure {
    #[error("the path is not in its plain form")]
    BadPath,
    #[error("no upstream serves `{0}`")]
    UnknownDomain(String),
    #[error("`{domain}` cannot be reached")]
    Down {
        domain: String,
        #[source]
        source: reqwest::Error,
    },
    #[error("`{domain}` did not answer in time")]
    TimedOut { domain: String },
}

impl From<ProxyFailure> for ApiError {
    fn from(failure: ProxyFailure) -> Self {
        let (status, code, detail) = match &failure {
            ProxyFailure::BadPath => (
                StatusCode::BAD_REQUEST,
                "bad-path",
                "Write the path plainly: no empty, `.` or `..` segments, no backslash, and none of \
                 these percent-encoded."
                    .to_owned(),
            ),
            ProxyFailure::UnknownDomain(domain) => (
                StatusCode::NOT_FOUND,
                "unknown-domain",
                format!("No service of this site answers `/api/{domain}`."),
            ),
            ProxyFailure::Down { domain, .. } => (
                StatusCode::BAD_GATEWAY,
                "upstream-down",
                format!("The service behind /api/{domain} is down. Try again in a moment."),
            ),
            ProxyFailure::TimedOut { domain } => (
                StatusCode::GATEWAY_TIMEOUT,
                "upstream-timeout",
                format!("The service behind /api/{domain} did not answer in time. Try again."),
            ),
        };
        let error = Self::new(status, code, detail);
        // A caller's mistake is no news for operators.
        if status.is_server_error() { error.caused_by(failure) } else { error }
    }
}
