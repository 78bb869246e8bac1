//! The domains at work.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{Domain, Timeouts, Upstreams, budget::Budget, health, pool::Pool, retry};

/// All of them, by name.
#[derive(Debug)]
pub(crate) struct Domains(BTreeMap<String, Upstream>);

/// One of them.
#[derive(Debug)]
pub(crate) struct Upstream {
    config: Domain,
    pools: Vec<Arc<Pool>>,
    primary: Arc<Pool>,
    budget: Mutex<Budget>,
}

impl Domains {
    pub(crate) fn new(upstreams: Upstreams) -> Self {
        let running = upstreams.into_domains().into_iter().filter_map(|(name, config)| {
            let upstream = Upstream::new(&name, config)?;
            Some((name, upstream))
        });
        Self(running.collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Upstream> {
        self.0.get(name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Upstream> {
        self.0.values()
    }
}

impl Upstream {
    /// `None` cannot be: a configuration was checked to have a primary pool.
    fn new(name: &str, mut config: Domain) -> Option<Self> {
        let primary = config.primary()?.to_owned();
        let pools = std::mem::take(&mut config.pools);
        let pools: Vec<Arc<Pool>> = pools
            .into_iter()
            .map(|(pool, own)| Arc::new(Pool::new(name, &pool, own, &config)))
            .collect();
        let primary = pools.iter().find(|pool| pool.name() == primary)?.clone();
        let budget = Mutex::new(Budget::new(Instant::now()));
        Some(Self { config, pools, primary, budget })
    }

    pub(crate) fn pools(&self) -> &[Arc<Pool>] {
        &self.pools
    }

    /// Returns the pool for a request.
    pub(crate) fn pool(&self) -> &Arc<Pool> {
        &self.primary
    }

    pub(crate) fn health(&self) -> &health::Policy {
        &self.config.health
    }

    /// Returns how long the head of the answer for `path` may take, `/api/<domain>` and all.
    pub(crate) fn patience(&self, name: &str, path: &str, usual: &Timeouts) -> Duration {
        let rest = path.strip_prefix("/api/").and_then(|path| path.strip_prefix(name));
        let own = rest.and_then(|rest| self.config.deadline(rest));
        own.unwrap_or_else(|| usual.head_of(path))
    }

    pub(crate) fn retries(&self) -> &retry::Policy {
        &self.config.retries
    }

    /// Takes in a request, which pays for a part of a try over.
    pub(crate) fn deposit(&self) {
        let mut budget = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        budget.deposit(Instant::now());
    }

    /// Takes a try over out of the budget, if one is left.
    pub(crate) fn withdraw(&self) -> bool {
        let mut budget = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        budget.withdraw(Instant::now(), &self.config.retries)
    }
}
