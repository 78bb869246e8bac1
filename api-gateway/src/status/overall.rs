//! What is to be thought of it all. Pure.
//!
//! The limits are those of the alerts (`deploy/observability/alerts.yml`), over the last five minutes. What is
//! asked less often than [`FEWEST`] times is not judged: one failure of two says little.

use serde::Serialize;
use utoipa::ToSchema;

use super::report::{DomainStatus, PoolStatus, Report, VersionStatus, Window};

/// Largest share of failed requests that is still well.
const MOST_ERRORS: f64 = 0.05;
/// Longest 95th percentile that is still well, in milliseconds.
const SLOWEST: u64 = 500;
/// Requests in the window, at least.
const FEWEST: u64 = 20;

/// How the site is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Overall {
    /// Everything works.
    #[default]
    Well,
    /// Everything answers, something not as it should.
    Degraded,
    /// Something does not work at all.
    Broken,
}

/// Judges a report: the worst that there is, and every reason.
pub(super) fn overall(report: &Report) -> (Overall, Vec<String>) {
    let mut found = Vec::new();
    if report.revision.is_none() {
        let why = "The registry cannot be read: which remotes are live is not known.".to_owned();
        found.push((Overall::Broken, why));
    }
    report.domains.iter().for_each(|domain| judge_domain(domain, &mut found));
    for remote in &report.remotes {
        let trial = remote.trial.iter().map(|trial| &trial.version);
        for version in std::iter::once(&remote.active).chain(trial) {
            let VersionStatus { version, requests, .. } = version;
            let name = format!("Requests of {}@{version}", remote.name);
            judge_window(&name, requests.last_5_minutes, &mut found);
        }
    }
    // The worst first, else in the order found.
    found.sort_by_key(|(how, _)| std::cmp::Reverse(*how));
    let worst = found.first().map(|(how, _)| *how).unwrap_or_default();
    (worst, found.into_iter().map(|(_, why)| why).collect())
}

fn judge_domain(domain: &DomainStatus, found: &mut Vec<(Overall, String)>) {
    let name = &domain.name;
    let in_use = || domain.pools.iter().filter(|pool| pool.share > 0);
    if !in_use().any(|pool| pool.answers) {
        let why = format!("{name} does not answer: no instance in use can be reached.");
        found.push((Overall::Broken, why));
        return;
    }
    for pool in in_use() {
        let PoolStatus { name: pool, breaker, instances, ready, requests, .. } = pool;
        if ready < instances {
            let why = format!("{name}, pool {pool}: {ready} of {instances} instances are ready.");
            found.push((Overall::Degraded, why));
        }
        if *breaker != "closed" {
            let why = format!("{name}, pool {pool}: the circuit breaker is {breaker}.");
            found.push((Overall::Degraded, why));
        }
        let pool = format!("Requests to {name}, pool {pool}");
        judge_window(&pool, requests.last_5_minutes, found);
    }
}

fn judge_window(of: &str, window: Window, found: &mut Vec<(Overall, String)>) {
    let Window { requests, error_rate, p95_ms } = window;
    if requests < FEWEST {
        return;
    }
    if error_rate > MOST_ERRORS {
        let why = format!("{of}: {:.1} % failed in the last 5 minutes.", error_rate * 100.0);
        found.push((Overall::Degraded, why));
    }
    if let Some(p95) = p95_ms.filter(|p95| *p95 > SLOWEST) {
        let why = format!("{of}: 5 % took {p95} ms or longer in the last 5 minutes.");
        found.push((Overall::Degraded, why));
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::report::{
            DomainStatus, PoolStatus, RemoteStatus, Report, VersionStatus, Window, Windows,
        },
        FEWEST, MOST_ERRORS, Overall, SLOWEST, overall,
    };

    const ALERTS: &str = include_str!("../../../deploy/observability/alerts.yml");

    /// Returns what the alert's expression is compared with, and how many requests it wants.
    fn limits(alert: &str) -> (f64, u64) {
        let rules = ALERTS.split("- alert: ").find(|rule| rule.lines().next() == Some(alert));
        let rule = rules.unwrap_or_else(|| panic!("no alert {alert}"));
        let after = |sign: &str| {
            let (_, rest) = rule.split_once(sign).unwrap();
            rest.split_whitespace().next().unwrap().to_owned()
        };
        (after(" > ").parse().unwrap(), after(" >= ").parse().unwrap())
    }

    #[test]
    fn the_limits_are_those_of_the_alerts() {
        for alert in ["AsterismErrorRate", "AsterismUpstreamErrorRate", "AsterismRemoteErrorRate"] {
            assert_eq!(limits(alert), (MOST_ERRORS, FEWEST), "{alert}");
        }
        for alert in ["AsterismSlow", "AsterismUpstreamSlow"] {
            assert_eq!(limits(alert), (SLOWEST as f64 / 1000.0, FEWEST), "{alert}");
        }
    }

    fn windows(requests: u64, error_rate: f64, p95: u64) -> Windows {
        let last_5_minutes = Window { requests, error_rate, p95_ms: Some(p95) };
        Windows { last_5_minutes, last_60_minutes: Window::default() }
    }

    fn pool(name: &str, share: u8, ready: usize) -> PoolStatus {
        PoolStatus {
            name: name.to_owned(),
            share,
            breaker: "closed",
            instances: 2,
            ready,
            answers: ready > 0,
            requests: windows(100, 0.05, 500),
            addresses: None,
        }
    }

    fn report(pools: Vec<PoolStatus>) -> Report {
        let active = VersionStatus {
            version: "1.0.0".to_owned(),
            requests: windows(0, 0.0, 0),
            sessions: 0,
            failed_sessions: 0,
        };
        let name = "alpha".to_owned();
        let remote = RemoteStatus { name: name.clone(), active, trial: None, last_change: None };
        Report {
            overall: Overall::Well,
            why: Vec::new(),
            as_of: String::new(),
            gateway: "",
            revision: Some(1),
            history: true,
            remotes: vec![remote],
            domains: vec![DomainStatus { name, pools }],
        }
    }

    #[test]
    fn what_stays_within_the_limits_is_well() {
        let idle = pool("green", 0, 0);
        assert_eq!(overall(&report(vec![pool("blue", 100, 2), idle])), (Overall::Well, vec![]));
    }

    #[test]
    fn a_domain_is_broken_when_no_pool_in_use_answers() {
        let idle = || pool("green", 0, 2);
        let open = PoolStatus { breaker: "open", answers: false, ..pool("blue", 100, 2) };
        for broken in [pool("blue", 100, 0), open] {
            let (how, why) = overall(&report(vec![broken, idle()]));
            assert_eq!(how, Overall::Broken, "{why:?}");
            assert!(why[0].contains("does not answer"), "{why:?}");
        }
        let unready = PoolStatus { answers: true, ..pool("blue", 100, 0) };
        assert_eq!(
            overall(&report(vec![unready])).0,
            Overall::Degraded,
            "it is asked all the same"
        );
        let (how, _) = overall(&report(vec![pool("blue", 50, 0), pool("green", 50, 2)]));
        assert_eq!(how, Overall::Degraded, "the other pool answers");
        let (how, _) = overall(&Report { revision: None, ..report(vec![pool("blue", 100, 2)]) });
        assert_eq!(how, Overall::Broken);
    }

    #[test]
    fn failures_and_waiting_degrade_where_enough_was_asked() {
        for (requests, error_rate, p95, expected) in [
            (20, 0.06, 10, Overall::Degraded),
            (19, 1.0, 10_000, Overall::Well),
            (20, 0.0, 501, Overall::Degraded),
            (20, 0.05, 500, Overall::Well),
        ] {
            let requests = || windows(requests, error_rate, p95);
            let of_pool = PoolStatus { requests: requests(), ..pool("blue", 100, 2) };
            assert_eq!(overall(&report(vec![of_pool])).0, expected);
            let mut of_remote = report(vec![pool("blue", 100, 2)]);
            of_remote.remotes[0].active.requests = requests();
            assert_eq!(overall(&of_remote).0, expected);
        }
        let half_open = PoolStatus { breaker: "half-open", ..pool("blue", 100, 2) };
        assert_eq!(overall(&report(vec![half_open])).0, Overall::Degraded);
    }
}
