//! What operators see of the upstreams at `/metrics`.
//!
//! | metric | labels | |
//! |---|---|---|
//! | `upstream_requests_total` | domain, pool, address | requests sent, tries over included |
//! | `upstream_failures_total` | and reason: `connect`, `reset`, `timeout`, `cut`, `status` | those without a whole answer, or with a 5xx |
//! | `upstream_head_duration_seconds` | domain, pool | histogram: until the head of an answer |
//! | `upstream_retries_total` | domain, pool | tries over |
//! | `upstream_refused_total` | domain, pool, reason: `open`, `overloaded`, `unhealthy` | requests that were sent to nobody |
//! | `upstream_ejections_total` | domain, pool, address | |
//! | `upstream_in_flight` | domain, pool, address | requests whose answer has not ended |
//! | `upstream_healthy`, `upstream_ejected` | domain, pool, address | 0 or 1 |
//! | `upstream_breaker_state` | domain, pool | 0 closed, 1 half open, 2 open |
//!
//! Not `instance`: that label is Prometheus's own, for the process that it asks.
//!
//! Each also keeps the last hour, for `/status`: tries over count there too.

use std::{sync::OnceLock, time::Duration};

use metrics::{Counter, Histogram, counter, gauge, histogram};

use super::{balance::Standing, breaker::Position, health::Condition};

/// The meters of a pool, made at the first use: only then a recorder is there for certain.
#[derive(Debug)]
pub(super) struct Meters {
    domain: String,
    pool: String,
    instances: Vec<String>,
    made: OnceLock<Made>,
}

struct Made {
    requests: Vec<Counter>,
    head: Histogram,
}

impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Made").finish_non_exhaustive()
    }
}

impl Meters {
    pub(super) fn new(domain: &str, pool: &str, instances: Vec<String>) -> Self {
        let (domain, pool) = (domain.to_owned(), pool.to_owned());
        Self { domain, pool, instances, made: OnceLock::new() }
    }

    /// Those of every request.
    fn made(&self) -> &Made {
        self.made.get_or_init(|| Made {
            requests: (0..self.instances.len())
                .map(|index| counter!("upstream_requests_total", &self.of_instance(index)))
                .collect(),
            head: histogram!("upstream_head_duration_seconds", &self.of_pool()),
        })
    }

    fn of_pool(&self) -> [(&'static str, String); 2] {
        [("domain", self.domain.clone()), ("pool", self.pool.clone())]
    }

    fn of_instance(&self, index: usize) -> [(&'static str, String); 3] {
        let [domain, pool] = self.of_pool();
        [domain, pool, ("address", self.instances.get(index).cloned().unwrap_or_default())]
    }

    pub(super) fn sent(&self, index: usize) {
        if let Some(requests) = self.made().requests.get(index) {
            requests.increment(1);
        }
    }

    pub(super) fn answered(&self, after: Duration) {
        self.made().head.record(after.as_secs_f64());
    }

    pub(super) fn failed(&self, index: usize, reason: &'static str) {
        let [domain, pool, instance] = self.of_instance(index);
        let labels = [domain, pool, instance, ("reason", reason.to_owned())];
        counter!("upstream_failures_total", &labels).increment(1);
    }

    pub(super) fn retried(&self) {
        counter!("upstream_retries_total", &self.of_pool()).increment(1);
    }

    pub(super) fn refused(&self, reason: &'static str) {
        let [domain, pool] = self.of_pool();
        let labels = [domain, pool, ("reason", reason.to_owned())];
        counter!("upstream_refused_total", &labels).increment(1);
    }

    pub(super) fn ejected(&self, index: usize) {
        counter!("upstream_ejections_total", &self.of_instance(index)).increment(1);
    }

    /// Shows how the pool is now.
    pub(super) fn show(&self, position: Position, standings: &[Standing]) {
        let state = match position {
            Position::Closed => 0.0,
            Position::HalfOpen => 1.0,
            Position::Open => 2.0,
        };
        gauge!("upstream_breaker_state", &self.of_pool()).set(state);
        for (index, Standing { condition, ejected, open }) in standings.iter().enumerate() {
            let labels = self.of_instance(index);
            let healthy = *condition == Condition::Ready;
            gauge!("upstream_in_flight", &labels).set(*open as f64);
            gauge!("upstream_healthy", &labels).set(f64::from(u8::from(healthy)));
            gauge!("upstream_ejected", &labels).set(f64::from(u8::from(*ejected)));
        }
    }
}
