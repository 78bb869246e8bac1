//! The domains at work, and which of its pools a request is for.
//!
//! A pool that claims the caller's bundle gets it, so that version 2 of a page reaches version 2 of its API
//! while most pages are version 1. Without a claim the weights decide, for a session always alike. A pool
//! that cannot answer leaves its part to others that have a weight; a claim it leaves to nobody, because
//! another version's answer could be worse than none.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use contract::cohort;
use registry::PoolSummary;
use semver::Version;

use super::{
    Domain, Timeouts, Upstreams,
    budget::Budget,
    health,
    pool::Pool,
    retry,
    weights::{self, Weights},
};

/// All of them, by name.
#[derive(Debug)]
pub(crate) struct Domains(BTreeMap<String, Arc<Upstream>>);

/// One of them.
#[derive(Debug)]
pub(crate) struct Upstream {
    name: String,
    config: Domain,
    pools: Vec<Arc<Pool>>,
    primary: Arc<Pool>,
    weights: RwLock<Weights>,
    budget: Mutex<Budget>,
}

/// Whose request it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    /// Any number that a session has for as long as it lives.
    pub(crate) session: u16,
    /// The bundle that asks, `<name>@<version>`, as its host says.
    pub(crate) bundle: Option<&'a str>,
}

impl Domains {
    pub(crate) fn new(upstreams: Upstreams) -> Self {
        let running = upstreams.into_domains().into_iter().filter_map(|(name, config)| {
            let upstream = Upstream::new(&name, config)?;
            Some((name, Arc::new(upstream)))
        });
        Self(running.collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Arc<Upstream>> {
        self.0.get(name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Upstream)> {
        self.0.iter().map(|(name, upstream)| (name, &**upstream))
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
        let weights = RwLock::default();
        let upstream = Self { name: name.to_owned(), config, pools, primary, weights, budget };
        upstream.divide(&BTreeMap::new());
        Some(upstream)
    }

    /// Divides the traffic as was decided, in percent.
    pub(crate) fn divide(&self, decided: &BTreeMap<String, u8>) {
        let names: Vec<&str> = self.pools.iter().map(|pool| pool.name()).collect();
        let weights = weights::divided(&names, self.primary.name(), decided);
        *self.weights.write().unwrap_or_else(PoisonError::into_inner) = weights;
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn pools(&self) -> &[Arc<Pool>] {
        &self.pools
    }

    /// Returns the pool for a request.
    pub(crate) fn pool(&self, origin: Origin<'_>) -> &Arc<Pool> {
        if self.pools.len() == 1 {
            return &self.primary;
        }
        let place = cohort(origin.session, &self.name);
        let weights = self.weights.read().unwrap_or_else(PoisonError::into_inner);
        let claimed = origin.bundle.and_then(|bundle| self.claimed(&weights, bundle, place));
        let index = claimed.or_else(|| {
            let now = Instant::now();
            // Each is asked once: it locks, and what it says may change meanwhile.
            let well: Vec<bool> = self.pools.iter().map(|pool| pool.may_answer(now)).collect();
            let any = || weights::choose(&weights, place, |_| true);
            weights::choose(&weights, place, |index| well.get(index) == Some(&true)).or_else(any)
        });
        index.and_then(|index| self.pools.get(index)).unwrap_or(&self.primary)
    }

    /// Returns the pool that claims a bundle. Among several the weights decide, or chance where none has any.
    fn claimed(&self, weights: &[u32], bundle: &str, place: u16) -> Option<usize> {
        if self.pools.iter().all(|pool| pool.claims.is_empty()) {
            return None;
        }
        let (remote, version) = bundle.split_once('@')?;
        let version = Version::parse(version).ok()?;
        let claims = |index: usize| {
            let pool = self.pools.get(index);
            pool.is_some_and(|pool| pool.claims.iter().any(|claim| claim.covers(remote, &version)))
        };
        let alike = || weights::choose(&vec![1; self.pools.len()], place, claims);
        weights::choose(weights, place, claims).or_else(alike)
    }

    /// Returns how each pool is.
    pub(crate) fn summaries(&self) -> Vec<PoolSummary> {
        let weights = self.weights.read().unwrap_or_else(PoisonError::into_inner);
        let pools = self.pools.iter().zip(weights::percents(&weights));
        pools
            .map(|(pool, weight)| PoolSummary {
                domain: self.name.clone(),
                pool: pool.name().to_owned(),
                weight,
                claims: pool.claims.iter().map(ToString::to_string).collect(),
                instances: Some(pool.instances().len()),
                ready: Some(pool.ready()),
            })
            .collect()
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
