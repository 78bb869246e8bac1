//! How traffic is divided between the pools: decided in the registry, looked up twice a second.

use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwapOption;

use registry::{PoolsRevision, Registry, RegistryError};

use crate::upstream::domains::Domains;

/// The newest decision that could be read.
#[derive(Debug)]
pub(crate) struct Division {
    registry: Registry,
    decided: ArcSwapOption<PoolsRevision>,
    /// One refresh at a time, so that a slow one never puts an older decision over a newer.
    refreshing: tokio::sync::Mutex<()>,
}

impl Division {
    pub(crate) fn new(registry: Registry) -> Self {
        let refreshing = tokio::sync::Mutex::default();
        Self { registry, decided: ArcSwapOption::empty(), refreshing }
    }

    /// Returns the revision that holds here, 0 when nothing was decided yet.
    pub(crate) fn revision(&self) -> u64 {
        self.decided.load().as_ref().map_or(0, |decided| decided.revision)
    }

    /// Takes over a new decision, if there is one. The last one stays when reading fails.
    pub(crate) async fn refresh(&self, domains: &Domains) {
        let _refreshing = self.refreshing.lock().await;
        match self.read().await {
            Ok(Some(decided)) => {
                tracing::info!(pools.revision = decided.revision, "division of traffic read");
                self.decided.store(Some(Arc::new(decided)));
            }
            Ok(None) => {}
            Err(error) => {
                let cause = service_kit::chain(&error);
                tracing::warn!(cause, "cannot read how traffic is divided");
            }
        }
        // Also when nothing is new: the domains may be.
        self.apply(domains);
    }

    /// Divides the traffic of `domains` by what was decided last.
    pub(crate) fn apply(&self, domains: &Domains) {
        let Some(decided) = self.decided.load_full() else { return };
        let nothing = BTreeMap::new();
        for (name, upstream) in domains.iter() {
            upstream.divide(decided.domains.get(name).unwrap_or(&nothing));
        }
    }

    async fn read(&self) -> Result<Option<PoolsRevision>, RegistryError> {
        if self.registry.pools_revision().await? == self.revision() {
            return Ok(None);
        }
        self.registry.pools().await
    }
}
