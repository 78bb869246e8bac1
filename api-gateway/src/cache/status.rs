//! What the cache did: told to callers in `Cache-Status` (RFC 9211), and to operators at `/metrics`.
//!
//! | metric | labels | |
//! |---|---|---|
//! | `cache_requests_total` | domain, outcome (below) | `GET` and `HEAD` on `/api` |
//! | `cache_bytes` | | what is kept, about |
//!
//! | outcome | `Cache-Status: asterism; …` | |
//! |---|---|---|
//! | `hit` | `hit; ttl=9` | the upstream was not asked |
//! | `stale` | `hit; ttl=-9` | nor now; it is asked afterwards |
//! | `stale_error` | `fwd=stale; detail=stale-if-error`, with `fwd-status` if there was one | it failed |
//! | `revalidated` | `fwd=stale; fwd-status=304` | it said that what is kept still holds |
//! | `collapsed` | `fwd=miss; collapsed` (or `stale`) | another caller's request was enough |
//! | `miss` | `fwd=miss`, `stale` or, when the caller asked for it, `request` | its answer |
//! | `pass` | `fwd=bypass` | its answer, which is not to be kept, as the request or the last answer says |

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use metrics::{Counter, counter};
use service_kit::LookedUp;
use tokio::time::Instant;

use super::entry::Head;

pub(super) const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// How a request was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Hit,
    Stale,
    /// With the status that the upstream failed with, if it answered.
    StaleError(Option<StatusCode>),
    Revalidated,
    Collapsed(Why),
    Miss(Why),
    Pass,
}

/// Why the upstream was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Nothing,
    Expired,
    Wanted,
}

impl Why {
    fn text(self) -> &'static str {
        match self {
            Self::Nothing => "miss",
            Self::Expired => "stale",
            Self::Wanted => "request",
        }
    }
}

impl Outcome {
    /// As the metrics name it.
    fn name(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Stale => "stale",
            Self::StaleError(_) => "stale_error",
            Self::Revalidated => "revalidated",
            Self::Collapsed(_) => "collapsed",
            Self::Miss(_) => "miss",
            Self::Pass => "pass",
        }
    }

    fn text(self, ttl: i64) -> Cow<'static, str> {
        match self {
            Self::Hit | Self::Stale => format!("asterism; hit; ttl={ttl}").into(),
            Self::StaleError(Some(status)) => {
                let status = status.as_u16();
                format!("asterism; fwd=stale; fwd-status={status}; detail=stale-if-error").into()
            }
            Self::StaleError(None) => "asterism; fwd=stale; detail=stale-if-error".into(),
            Self::Revalidated => "asterism; fwd=stale; fwd-status=304".into(),
            Self::Collapsed(why) => format!("asterism; fwd={}; collapsed", why.text()).into(),
            Self::Miss(why) => format!("asterism; fwd={}", why.text()).into(),
            Self::Pass => "asterism; fwd=bypass".into(),
        }
    }

    /// Writes into an answer what was done; `kept` is what was sent, when it was kept, and when that was.
    pub(super) fn tell(
        self,
        domain: &str,
        headers: &mut HeaderMap,
        kept: Option<(&Head, Instant)>,
    ) {
        count(domain, self.name());
        let ttl = kept.map_or(0, |(head, now)| head.ttl(now));
        if let Some((head, now)) = kept {
            headers.insert(header::AGE, HeaderValue::from(head.age(now).as_secs()));
        }
        // After those of the caches before (RFC 9211, 2).
        let value = match self.text(ttl) {
            Cow::Borrowed(text) => Ok(HeaderValue::from_static(text)),
            Cow::Owned(text) => HeaderValue::try_from(text),
        };
        if let Ok(value) = value {
            headers.append(CACHE_STATUS, value);
        }
    }
}

thread_local! {
    /// By domain, of which there are as many as are configured, and outcome.
    static REQUESTS: LookedUp<&'static str, Counter> = LookedUp::default();
}

/// Counts a request.
fn count(domain: &str, outcome: &'static str) {
    let look_up = || {
        let domain = domain.to_owned();
        counter!("cache_requests_total", "domain" => domain, "outcome" => outcome)
    };
    REQUESTS.with(|known| known.with(domain, outcome, look_up, |counter| counter.increment(1)));
}
