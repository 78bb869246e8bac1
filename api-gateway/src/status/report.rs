//! What `/status` tells.

use std::{
    sync::PoisonError,
    time::{Duration, Instant},
};

use contract::{Release, RemoteState};
use registry::{Action, Revision, VersionOutcomes};
use serde::Serialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use utoipa::ToSchema;

use super::overall::{Overall, overall};
use crate::{
    AppState, beacons,
    traffic::rolling::{self, Rates},
    upstream::{
        breaker::Position,
        domains::Upstream,
        health::Condition,
        pool::{Pool, View},
    },
};

/// The shorter of the two windows, in minutes.
const SHORT: u64 = 5;

/// How the site is, as this gateway sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Report {
    /// In one word.
    pub(super) overall: Overall,
    /// Why it is not `well`.
    pub(super) why: Vec<String>,
    /// When, RFC 3339, UTC.
    pub(super) as_of: String,
    /// The gateway's version.
    pub(super) gateway: &'static str,
    /// Of the manifest; absent while it cannot be read.
    pub(super) revision: Option<u64>,
    /// Whether `last_change` could be looked up.
    pub(super) history: bool,
    /// Live remotes, by name.
    pub(super) remotes: Vec<RemoteStatus>,
    /// Domains and their pools, by name.
    pub(super) domains: Vec<DomainStatus>,
}

/// A remote.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RemoteStatus {
    pub(super) name: String,
    /// What most sessions get.
    pub(super) active: VersionStatus,
    /// What some get.
    pub(super) trial: Option<TrialStatus>,
    /// What was done last.
    pub(super) last_change: Option<LastChange>,
}

/// A version on trial.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TrialStatus {
    /// Of the sessions.
    pub(super) percent: u8,
    #[serde(flatten)]
    pub(super) version: VersionStatus,
}

/// A version that is live.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct VersionStatus {
    pub(super) version: String,
    /// Its requests to domains.
    pub(super) requests: Windows,
    /// Sessions of the last hour that told how loading it went.
    pub(super) sessions: u64,
    /// Those for which it failed.
    pub(super) failed_sessions: u64,
}

/// A revision of the history.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LastChange {
    #[schema(value_type = String)]
    pub(super) action: Action,
    /// The version that came, or came back.
    pub(super) version: String,
    /// Set when it went on trial.
    pub(super) percent: Option<u8>,
    pub(super) who: String,
    /// RFC 3339, UTC.
    pub(super) at: String,
    pub(super) reason: String,
}

/// A domain.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DomainStatus {
    pub(super) name: String,
    pub(super) pools: Vec<PoolStatus>,
}

/// A pool.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PoolStatus {
    pub(super) name: String,
    /// Of the domain's traffic, in percent.
    pub(super) share: u8,
    /// `closed`: requests pass. `half-open`: a few are tried. `open`: none passes.
    pub(super) breaker: &'static str,
    /// How many instances there are.
    pub(super) instances: usize,
    /// How many of them are ready; one that says that it is not is asked where no other is.
    pub(super) ready: usize,
    /// Whether requests are sent to any of them.
    pub(super) answers: bool,
    /// Requests sent to them, tries over included.
    pub(super) requests: Windows,
    /// Each instance; absent for those who may not see addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) addresses: Option<Vec<InstanceStatus>>,
}

/// An instance.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InstanceStatus {
    pub(super) address: String,
    /// `ready`, `unready` (it says so), `down` (it does not answer) or `ejected` (it failed again and again).
    pub(super) health: &'static str,
}

/// Counts of the last while, since the gateway started at most.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Windows {
    pub(super) last_5_minutes: Window,
    pub(super) last_60_minutes: Window,
}

/// Counts of one window.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub(super) struct Window {
    pub(super) requests: u64,
    /// Share of the requests that failed, 0 to 1.
    pub(super) error_rate: f64,
    /// Milliseconds until 95 % had the head of their answer; absent without requests.
    pub(super) p95_ms: Option<u64>,
}

impl From<Rates> for Window {
    fn from(rates: Rates) -> Self {
        let millis = |p95: Duration| p95.as_millis() as u64;
        Self {
            requests: rates.requests,
            error_rate: rates.error_rate(),
            p95_ms: rates.p95.map(millis),
        }
    }
}

impl Windows {
    fn of(over: impl Fn(u64) -> Rates) -> Self {
        let (short, long) = (over(SHORT), over(rolling::HOUR));
        Self { last_5_minutes: short.into(), last_60_minutes: long.into() }
    }
}

impl Report {
    /// Gathers everything; `inspects` adds the addresses.
    pub(super) async fn of(state: &AppState, inspects: bool) -> Self {
        let snapshot = state.manifests.current();
        let changes = match &snapshot {
            Some(snapshot) => state.last_changes.of(&state.registry, &snapshot.manifest).await,
            None => None,
        };
        let now = Instant::now();
        let seen = {
            let mut outcomes = state.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
            outcomes.list(beacons::now())
        };
        let remotes = snapshot.iter().flat_map(|snapshot| &snapshot.manifest.remotes);
        let remotes = remotes
            .map(|(name, live)| {
                let last = changes.as_ref().and_then(|changes| changes.get(name));
                remote(state, (name, live), last, &seen, now)
            })
            .collect();
        let current = state.current();
        let domains = current.proxy.domains().iter();
        let domains = domains.map(|(name, upstream)| domain(name, upstream, inspects, now));
        let as_of = OffsetDateTime::now_utc().replace_nanosecond(0);
        let mut report = Self {
            overall: Overall::Well,
            why: Vec::new(),
            as_of: as_of.ok().and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_default(),
            gateway: env!("CARGO_PKG_VERSION"),
            revision: snapshot.as_ref().map(|snapshot| snapshot.manifest.revision),
            history: changes.is_some(),
            remotes,
            domains: domains.collect(),
        };
        (report.overall, report.why) = overall(&report);
        report
    }
}

fn remote(
    state: &AppState,
    (name, live): (&String, &RemoteState),
    last: Option<&Revision>,
    seen: &[VersionOutcomes],
    now: Instant,
) -> RemoteStatus {
    let RemoteState { active, canary, previous: _, withdrawn: _ } = live;
    let version = |release: &Release| {
        let version = release.version.clone();
        let bundle = format!("{name}@{version}");
        let of = |seen: &&VersionOutcomes| seen.remote == *name && seen.version == version;
        let seen = seen.iter().find(of);
        VersionStatus {
            requests: Windows::of(|minutes| state.traffic.of(&bundle, now, minutes)),
            sessions: seen.map_or(0, |seen| seen.sessions),
            failed_sessions: seen.map_or(0, |seen| seen.failed_sessions),
            version,
        }
    };
    RemoteStatus {
        name: name.clone(),
        active: version(active),
        trial: canary.as_ref().map(|canary| TrialStatus {
            percent: canary.percent,
            version: version(&canary.release),
        }),
        last_change: last.map(|last| LastChange {
            action: last.action,
            version: last.to.clone(),
            percent: last.percent,
            who: last.who.clone(),
            at: last.released_at.clone(),
            reason: last.reason.clone(),
        }),
    }
}

fn domain(name: &str, upstream: &Upstream, inspects: bool, now: Instant) -> DomainStatus {
    let shares = upstream.summaries().into_iter().map(|pool| pool.weight);
    let pools = upstream.pools().iter().zip(shares);
    DomainStatus {
        name: name.to_owned(),
        pools: pools.map(|(pool, share)| status(pool, share, inspects, now)).collect(),
    }
}

fn status(pool: &Pool, share: u8, inspects: bool, now: Instant) -> PoolStatus {
    let View { breaker, instances } = pool.view(now);
    let health = |(condition, ejected): &(Condition, bool)| match condition {
        Condition::Down => "down",
        _ if *ejected => "ejected",
        Condition::Unready => "unready",
        Condition::Ready => "ready",
    };
    let health: Vec<&'static str> = instances.iter().map(health).collect();
    let addresses = inspects.then(|| {
        let both = pool.instances().iter().zip(&health);
        both.map(|(address, health)| InstanceStatus { address: address.to_string(), health })
            .collect()
    });
    PoolStatus {
        name: pool.name().to_owned(),
        share,
        breaker: match breaker {
            Position::Closed => "closed",
            Position::HalfOpen => "half-open",
            Position::Open => "open",
        },
        instances: health.len(),
        ready: health.iter().filter(|health| **health == "ready").count(),
        answers: pool.may_answer(now),
        requests: Windows::of(|minutes| pool.over(now, minutes)),
        addresses,
    }
}
