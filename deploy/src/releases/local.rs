//! The registry in a folder, or in storage behind a URL.

use contract::{Descriptor, Manifest};
use registry::{
    Bundle, GcReport, GcRequest, PoolSummary, Pools, PoolsRevision, Registry, ReleaseRequest,
    RemoteSummary, Revision, RollbackRequest, SwitchRequest, VersionOutcomes, VersionSummary,
};

use audit::what::{GC, PUBLISH, SWITCH};

use super::{Answer, Releases};
use crate::recorder::Recorder;

/// What makes no revision of the manifest is recorded here, since no gateway sees it.
pub(super) struct Local(Registry, Recorder);

impl Local {
    pub(super) fn open(folder: &str, recorder: Recorder) -> anyhow::Result<Self> {
        Ok(Self(Registry::open(folder)?, recorder))
    }
}

impl Releases for Local {
    fn manifest(&self) -> Answer<'_, Manifest> {
        Box::pin(async { Ok(self.0.manifest().await?) })
    }

    fn remotes(&self) -> Answer<'_, Vec<RemoteSummary>> {
        Box::pin(async { Ok(self.0.remotes().await?) })
    }

    fn versions<'a>(&'a self, remote: &'a str) -> Answer<'a, Vec<VersionSummary>> {
        Box::pin(async { Ok(self.0.versions(remote).await?) })
    }

    fn descriptor<'a>(
        &'a self,
        remote: &'a str,
        version: &'a str,
    ) -> Answer<'a, Option<Descriptor>> {
        Box::pin(async { Ok(self.0.descriptor(remote, version).await?) })
    }

    fn revisions(&self, before: Option<u64>, limit: usize) -> Answer<'_, Vec<Revision>> {
        Box::pin(async move { Ok(self.0.revisions(before, limit).await?) })
    }

    fn publish<'a>(&'a self, bundle: &'a Bundle) -> Answer<'a, Descriptor> {
        Box::pin(async {
            let descriptor = self.0.publish(bundle).await?;
            let target = format!("{}@{}", descriptor.name, descriptor.version);
            self.1.record(PUBLISH, &target, "stored")?;
            Ok(descriptor)
        })
    }

    fn gc<'a>(&'a self, request: &'a GcRequest) -> Answer<'a, GcReport> {
        Box::pin(async {
            let report = self.0.gc(request).await?;
            if !request.dry_run {
                let removed = format!("removed {} versions", report.removed.len());
                self.1.record(GC, &format!("keep {}", request.keep), &removed)?;
            }
            Ok(report)
        })
    }

    fn outcomes(&self) -> Answer<'_, Option<Vec<VersionOutcomes>>> {
        Box::pin(async { Ok(None) })
    }

    fn release<'a>(
        &'a self,
        request: &'a ReleaseRequest,
        expected: Option<u64>,
    ) -> Answer<'a, Revision> {
        Box::pin(async move { Ok(self.0.release(request, expected).await?) })
    }

    fn rollback<'a>(
        &'a self,
        request: &'a RollbackRequest,
        expected: Option<u64>,
    ) -> Answer<'a, Revision> {
        Box::pin(async move { Ok(self.0.rollback(request, expected).await?) })
    }

    fn pools(&self) -> Answer<'_, Pools> {
        Box::pin(async { Ok(self.0.pools().await?.map(listed).unwrap_or_default()) })
    }

    fn switch<'a>(
        &'a self,
        request: &'a SwitchRequest,
        expected: Option<u64>,
    ) -> Answer<'a, PoolsRevision> {
        Box::pin(async move {
            let made = self.0.switch(request, expected).await?;
            let PoolsRevision { revision, domain, pool, weight, .. } = &made;
            let done = format!("pools revision {revision}");
            self.1.record(SWITCH, &format!("{domain}.{pool} {weight} %"), &done)?;
            Ok(made)
        })
    }
}

fn listed(newest: PoolsRevision) -> Pools {
    let pools = newest.domains.into_iter().flat_map(|(domain, shares)| {
        shares.into_iter().map(move |(pool, weight)| PoolSummary {
            domain: domain.clone(),
            pool,
            weight,
            claims: Vec::new(),
            instances: None,
            ready: None,
        })
    });
    Pools { revision: newest.revision, pools: pools.collect() }
}
