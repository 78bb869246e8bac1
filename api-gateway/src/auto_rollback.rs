//! Taking a bad version back without being asked.
//!
//! Mechanism only: `outcomes` counts, `verdict` judges. Each gateway decides on what it has seen itself, and
//! the registry's compare-and-swap makes sure that of several gateways one acts: the others' attempt is a
//! conflict, after which they look again and find it done.

use std::sync::{Mutex, PoisonError};

use contract::{Manifest, RemoteState};
use registry::{Registry, RegistryError, RollbackRequest};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    AppState,
    outcomes::Tally,
    verdict::{Evidence, Policy, judge},
};

/// Who stands in the history.
const WHO: &str = "automatic rollback";
/// Others may be faster so often before this gives up until the next report.
const TRIES: usize = 5;
/// Revisions that are looked at to find a release; an older one is no recent release.
const LOOK_BACK: usize = 100;

/// The configured policy, and one decision at a time.
#[derive(Debug)]
pub(crate) struct Watchdog {
    /// `None` switches it off.
    policy: Option<Policy>,
    deciding: tokio::sync::Mutex<()>,
    /// When which version was released, as of which revision.
    released: Mutex<Option<(u64, String, String, Option<u64>)>>,
}

/// A version that may be taken back, and what stands behind it.
struct Suspect {
    /// What would serve instead.
    before: String,
    /// Where to go back to; a trial just ends.
    to: Option<String>,
}

impl Watchdog {
    pub(crate) fn new(policy: Option<Policy>) -> Self {
        Self { policy, deciding: tokio::sync::Mutex::default(), released: Mutex::default() }
    }

    /// Looks whether the version must go, given the evidence about it, and takes it back if so.
    pub(crate) async fn consider(
        &self,
        state: &AppState,
        remote: &str,
        version: &str,
        tally: Tally,
        now: u64,
    ) {
        let Some(policy) = &self.policy else { return };
        // Most reports end here, without a lock.
        if tally.sessions < policy.min_sessions || tally.failed == 0 {
            return;
        }
        let _deciding = self.deciding.lock().await;
        for _ in 0..TRIES {
            match self.decide(state, policy, (remote, version), now).await {
                Ok(()) => return,
                // Somebody changed something: it may have been this very rollback.
                Err(RegistryError::Conflict { .. }) => state.manifests.refresh().await,
                Err(error) => {
                    let cause = service_kit::chain(&error);
                    tracing::error!(
                        remote.name = remote,
                        remote.version = version,
                        cause,
                        "cannot roll back"
                    );
                    return;
                }
            }
        }
    }

    async fn decide(
        &self,
        state: &AppState,
        policy: &Policy,
        (remote, version): (&str, &str),
        now: u64,
    ) -> Result<(), RegistryError> {
        let Some(snapshot) = state.manifests.current() else { return Ok(()) };
        let Some(Suspect { before, to }) = suspect(&snapshot.manifest, remote, version) else {
            return Ok(());
        };
        let Some(evidence) = state.evidence(policy, remote, version, &before, now) else {
            return Ok(());
        };
        let revision = snapshot.manifest.revision;
        let released = self.released(&state.registry, revision, remote, version).await?;
        if released.is_none_or(|at| now.saturating_sub(at) > policy.within) {
            return Ok(());
        }
        let reason = evidence.text(version, &before);
        let request =
            RollbackRequest { remote: remote.to_owned(), to, reason, who: WHO.to_owned() };
        let made = state.registry.rollback(&request, Some(revision)).await?;
        tracing::warn!(
            remote.name = remote,
            remote.version = version,
            manifest.revision = made.revision,
            reason = made.reason,
            "rolled back automatically"
        );
        metrics::counter!("automatic_rollbacks_total", "remote" => remote.to_owned()).increment(1);
        state.forget(remote, version);
        state.manifests.refresh().await;
        Ok(())
    }

    /// Returns when the version was last released, in seconds; `None` when that is long ago.
    async fn released(
        &self,
        registry: &Registry,
        revision: u64,
        remote: &str,
        version: &str,
    ) -> Result<Option<u64>, RegistryError> {
        let known = self.released.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, of, which, found)) = known
            && (at, &*of, &*which) == (revision, remote, version)
        {
            return Ok(found);
        }
        let history = registry.revisions(None, LOOK_BACK).await?;
        let released = history.iter().find(|r| r.remote == remote && r.to == version);
        let found = released.and_then(|r| seconds(&r.released_at));
        let entry = (revision, remote.to_owned(), version.to_owned(), found);
        *self.released.lock().unwrap_or_else(PoisonError::into_inner) = Some(entry);
        Ok(found)
    }
}

impl AppState {
    fn evidence(
        &self,
        policy: &Policy,
        remote: &str,
        version: &str,
        before: &str,
        now: u64,
    ) -> Option<Evidence> {
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        let new = outcomes.tally(now, remote, version);
        judge(policy, new, outcomes.tally(now, remote, before))
    }

    fn forget(&self, remote: &str, version: &str) {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner).forget(remote, version);
    }
}

/// Returns what would serve instead of the version, `None` when it does not serve or nothing would.
fn suspect(manifest: &Manifest, remote: &str, version: &str) -> Option<Suspect> {
    let RemoteState { active, canary, previous, withdrawn: _ } = manifest.remotes.get(remote)?;
    if canary.as_ref().is_some_and(|canary| canary.release.version == version) {
        return Some(Suspect { before: active.version.clone(), to: None });
    }
    let previous = previous.as_ref().filter(|_| active.version == version)?;
    Some(Suspect { before: previous.version.clone(), to: Some(previous.version.clone()) })
}

fn seconds(rfc3339: &str) -> Option<u64> {
    OffsetDateTime::parse(rfc3339, &Rfc3339).ok()?.unix_timestamp().try_into().ok()
}
