//! How traffic is divided between the pools: decided in the registry, looked up twice a second.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use registry::{PoolsRevision, Registry, RegistryError};

use crate::upstream::domains::Domains;

/// The newest decision that could be read.
#[derive(Debug)]
pub(crate) struct Division {
    registry: Registry,
    revision: AtomicU64,
    /// One refresh at a time, so that a slow one never puts an older decision over a newer.
    refreshing: tokio::sync::Mutex<()>,
}

impl Division {
    pub(crate) fn new(registry: Registry) -> Self {
        Self { registry, revision: AtomicU64::new(0), refreshing: tokio::sync::Mutex::default() }
    }

    /// Returns the revision that holds here, 0 when nothing was decided yet.
    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    /// Takes over a new decision, if there is one. The last one stays when reading fails.
    pub(crate) async fn refresh(&self, domains: &Domains) {
        let _refreshing = self.refreshing.lock().await;
        match self.read().await {
            Ok(Some(PoolsRevision { revision, domains: decided, .. })) => {
                let nothing = BTreeMap::new();
                for (name, upstream) in domains.iter() {
                    upstream.divide(decided.get(name).unwrap_or(&nothing));
                }
                self.revision.store(revision, Ordering::Release);
                tracing::info!(pools.revision = revision, "division of traffic read");
            }
            Ok(None) => {}
            Err(error) => {
                let cause = service_kit::chain(&error);
                tracing::warn!(cause, "cannot read how traffic is divided");
            }
        }
    }

    async fn read(&self) -> Result<Option<PoolsRevision>, RegistryError> {
        if self.registry.pools_revision().await? == self.revision() {
            return Ok(None);
        }
        self.registry.pools().await
    }
}
