//! How it goes for those who ask the domains: by the bundle that asks, as `/metrics` and `/status` tell it.
//!
//! | metric | labels | |
//! |---|---|---|
//! | `remote_requests_total` | remote, domain, status | requests under `/api` by who asks |
//! | `remote_request_duration_seconds` | remote, domain | histogram: until the head of the answer |
//!
//! `remote` is the `<name>@<version>` that the host sent (`x-asterism-remote`) if the manifest has it; else it is
//! `other`, and `none` where nothing was sent. A domain that is not configured is `other` too. So labels are
//! bounded, whatever somebody sends.
//!
//! What is refused before it gets to a domain (limits, other sites) does not count here, but in
//! `http_requests_total`. Not here: how the upstreams fare (`upstream::meters`).

pub(crate) mod rolling;

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use contract::Manifest;
use metrics::{Counter, Histogram, counter, histogram};
use service_kit::Around;

use crate::{
    AppState,
    proxy::{REMOTE, path},
    upstream::domains::Upstream,
};
use rolling::{Rates, Rolling};

/// Of bundles and domains that we do not know.
const OTHER: &str = "other";
/// Nobody said who asks.
const NONE: &str = "none";
/// So many bundles are kept before those are dropped that have asked nothing for an hour.
const KEPT: usize = 100;

/// What was counted, by bundle.
#[derive(Debug, Default)]
pub(crate) struct Traffic(Mutex<BTreeMap<String, Bundle>>);

#[derive(Debug, Default)]
struct Bundle {
    recent: Rolling,
    domains: BTreeMap<String, Meters>,
}

struct Meters {
    duration: Histogram,
    requests: BTreeMap<u16, Counter>,
}

impl std::fmt::Debug for Meters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meters").finish_non_exhaustive()
    }
}

impl Meters {
    fn new(bundle: &str, domain: &str) -> Self {
        let labels = [("remote", bundle.to_owned()), ("domain", domain.to_owned())];
        let duration = histogram!("remote_request_duration_seconds", &labels);
        Self { duration, requests: BTreeMap::new() }
    }
}

impl Traffic {
    /// Counts an answer.
    fn note(
        &self,
        (bundle, domain): (&str, &str),
        status: StatusCode,
        now: Instant,
        took: Duration,
    ) {
        let bundles = &mut *self.bundles();
        if !bundles.contains_key(bundle) {
            if bundles.len() >= KEPT {
                bundles.retain(|_, bundle| bundle.recent.over(now, rolling::HOUR).requests > 0);
            }
            bundles.insert(bundle.to_owned(), Bundle::default());
        }
        let Some(Bundle { recent, domains }) = bundles.get_mut(bundle) else { return };
        recent.note(now, status.is_server_error(), took);
        if !domains.contains_key(domain) {
            domains.insert(domain.to_owned(), Meters::new(bundle, domain));
        }
        let Some(Meters { duration, requests }) = domains.get_mut(domain) else { return };
        duration.record(took.as_secs_f64());
        let requests = requests.entry(status.as_u16()).or_insert_with(|| {
            counter!(
                "remote_requests_total",
                "remote" => bundle.to_owned(), "domain" => domain.to_owned(), "status" => status.as_str().to_owned()
            )
        });
        requests.increment(1);
    }

    /// Returns how requests of a bundle went in the last `minutes`.
    pub(crate) fn of(&self, bundle: &str, now: Instant, minutes: u64) -> Rates {
        let bundles = self.bundles();
        bundles.get(bundle).map(|bundle| bundle.recent.over(now, minutes)).unwrap_or_default()
    }

    fn bundles(&self) -> MutexGuard<'_, BTreeMap<String, Bundle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Measures requests for domains.
pub(crate) struct Measured(pub(crate) AppState);

/// A request that is measured.
pub(crate) struct Begun {
    at: Instant,
    bundle: Cow<'static, str>,
    /// If it is configured.
    domain: Option<Arc<Upstream>>,
}

impl Around for Measured {
    type Kept = Begun;

    fn before(&self, request: &mut Request) -> Result<Begun, Box<Response>> {
        let (at, Self(state)) = (Instant::now(), self);
        let bundle = {
            let snapshot = state.manifests.current();
            bundle(request.headers(), snapshot.as_ref().map(|snapshot| &snapshot.manifest))
        };
        let named = path::named(request.uri().path()).unwrap_or_default();
        let domain = state.current().proxy.domains().get(named).cloned();
        Ok(Begun { at, bundle, domain })
    }

    fn after(&self, Begun { at, bundle, domain }: Begun, response: &mut Response) {
        let domain = domain.as_ref().map_or(OTHER, |domain| domain.name());
        let now = Instant::now();
        self.0.traffic.note((&bundle, domain), response.status(), now, now - at);
    }
}

/// Returns which bundle asks, as the labels have it.
fn bundle(headers: &HeaderMap, manifest: Option<&Manifest>) -> Cow<'static, str> {
    let Some(sent) = headers.get(REMOTE) else { return NONE.into() };
    let known = |sent: &&str| {
        let (remote, version) = sent.split_once('@')?;
        let state = manifest?.remotes.get(remote)?;
        state.loadable().any(|(_, release)| release.version == version).then_some(())
    };
    let sent = sent.to_str().ok().filter(|sent| known(sent).is_some());
    sent.map_or(OTHER.into(), |sent| sent.to_owned().into())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use axum::http::StatusCode;

    use super::{KEPT, Traffic, rolling::HOUR};

    #[test]
    fn bundles_come_and_go_for_ever() {
        let (traffic, begun) = (Traffic::default(), Instant::now());
        for n in 0..5 * KEPT as u64 {
            let bundle = format!("alpha@1.0.{n}");
            let now = begun + Duration::from_secs(60 * n);
            traffic.note((&bundle, "alpha"), StatusCode::OK, now, Duration::ZERO);
            assert_eq!(traffic.of(&bundle, now, HOUR).requests, 1);
        }
        let kept = traffic.bundles().len();
        assert!(kept <= KEPT, "{kept}");
    }
}
