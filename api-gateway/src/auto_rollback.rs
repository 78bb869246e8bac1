//! Taking a bad version back without being asked.
//!
//! Mechanism only: `outcomes` counts, `verdict` judges. Each gateway decides on what it has seen itself, and
//! the registry's compare-and-swap makes sure that of several gateways one acts: the others' attempt is a
//! conflict, after which they look again and find it done.
//!
//! Only a *release* is judged. A version that came back by a rollback is not: when what all versions stand on
//! breaks, one rollback would follow another through the whole history.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use contract::{Manifest, RemoteState};
use registry::{Action, Registry, RegistryError, RollbackRequest};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    AppState,
    verdict::{Evidence, Policy, Tally, judge},
};

/// Who stands in the history.
const WHO: &str = "automatic rollback";
/// Others may be faster so often before this gives up until the next report.
const TRIES: usize = 5;
/// Revisions that are looked at to find a release; one that is further back is no recent release.
const LOOK_BACK: u64 = 100;

/// One decision at a time.
#[derive(Debug, Default)]
pub(crate) struct Watchdog {
    deciding: tokio::sync::Mutex<()>,
    /// When which version was released, as of one revision: found once and asked for at every report.
    released: Mutex<Released>,
}

/// Times by remote and version; `None` for what is no recent release.
#[derive(Debug, Default)]
struct Released {
    as_of: u64,
    times: HashMap<(String, String), Option<u64>>,
}

/// A version that may be taken back, and what stands behind it.
struct Suspect {
    /// What would serve instead.
    before: String,
    /// Where to go back to; a trial just ends.
    to: Option<String>,
}

impl Watchdog {
    /// Looks whether the version must go, given the evidence about it, and takes it back if so.
    pub(crate) async fn consider(
        &self,
        state: &AppState,
        remote: &str,
        version: &str,
        tally: Tally,
        now: u64,
    ) {
        let current = state.current();
        let policy = &current.config.rollback;
        // Most reports end here, without a lock.
        if !current.config.auto_rollback
            || tally.sessions < policy.min_sessions
            || tally.failed == 0
        {
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
        let revision = snapshot.manifest.revision;
        let since = now.saturating_sub(policy.within);
        let released = self.released(&state.registry, revision, (remote, version), since).await?;
        let Some(released) = released.filter(|at| *at >= since) else { return Ok(()) };
        let Some(evidence) = state.evidence(policy, (remote, version, &before), released, now)
        else {
            return Ok(());
        };
        let reason = evidence.text(version, &before);
        let request =
            RollbackRequest { remote: remote.to_owned(), to, reason, who: WHO.to_owned() };
        let _recorded = state.audit.changing().await;
        let made = state.registry.rollback(&request, Some(revision)).await?;
        state.audit.revised(&made).await;
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

    /// Returns when the version was last released, in seconds; `None` when that was before `since`.
    async fn released(
        &self,
        registry: &Registry,
        revision: u64,
        (remote, version): (&str, &str),
        since: u64,
    ) -> Result<Option<u64>, RegistryError> {
        let key = (remote.to_owned(), version.to_owned());
        {
            let mut known = self.released.lock().unwrap_or_else(PoisonError::into_inner);
            if known.as_of != revision {
                *known = Released { as_of: revision, times: HashMap::new() };
            }
            if let Some(found) = known.times.get(&key) {
                return Ok(*found);
            }
        }
        let found = last_release(registry, revision, (remote, version), since).await?;
        let mut known = self.released.lock().unwrap_or_else(PoisonError::into_inner);
        if known.as_of == revision {
            known.times.insert(key, found);
        }
        Ok(found)
    }
}

async fn last_release(
    registry: &Registry,
    revision: u64,
    (remote, version): (&str, &str),
    since: u64,
) -> Result<Option<u64>, RegistryError> {
    let oldest = revision.saturating_sub(LOOK_BACK);
    for n in (oldest + 1..=revision).rev() {
        let Some(found) = registry.revision(n).await? else { continue };
        let at = seconds(&found.released_at);
        if at.is_none_or(|at| at < since) {
            return Ok(None);
        }
        if found.remote == remote && found.to == version && found.action == Action::Release {
            return Ok(at);
        }
    }
    Ok(None)
}

impl AppState {
    fn evidence(
        &self,
        policy: &Policy,
        (remote, version, before): (&str, &str, &str),
        released: u64,
        now: u64,
    ) -> Option<Evidence> {
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.begin(remote, version, released);
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
