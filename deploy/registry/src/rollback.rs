//! Taking a version back.

use std::collections::HashSet;

use contract::{Manifest, Release, RemoteState};

use crate::{
    Action, Registry, RegistryError, Revision, RollbackRequest,
    history::{Change, Request},
    release::valid_request,
};

impl Registry {
    /// Takes the newest release of a remote back and returns the new revision.
    ///
    /// The version that goes is marked withdrawn, and nothing falls back to it until it is released
    /// again. While a version is on trial and the request names no target, the trial is what ends.
    ///
    /// # Errors
    /// There is nothing to go back to, the named version is not published or does not fit the host,
    /// somebody else was first, or the storage failed.
    pub async fn rollback(
        &self,
        request: &RollbackRequest,
        expected: Option<u64>,
    ) -> Result<Revision, RegistryError> {
        let version = request.to.as_deref().map(|to| ("to", to));
        valid_request(&request.remote, version, &request.reason)?;
        let motion = self.moving(&request.remote).await?;
        let made = self.change(expected, Request::Rollback(request)).await;
        self.settled(motion).await;
        made
    }

    /// Returns what the rollback does to `base`.
    pub(crate) async fn plan_rollback(
        &self,
        base: &Manifest,
        request: &RollbackRequest,
    ) -> Result<Change, RegistryError> {
        let RollbackRequest { remote, to, reason, who } = request;
        let Some(live) = base.remotes.get(remote) else {
            return Err(RegistryError::NotReleased(remote.clone()));
        };
        let (withdrawn, state) = match (&live.canary, to) {
            (Some(canary), to) if to.as_ref().is_none_or(|to| *to == live.active.version) => {
                (canary.release.version.clone(), RemoteState { canary: None, ..live.clone() })
            }
            _ => (live.active.version.clone(), self.replaced(base, live, request).await?),
        };
        let state = RemoteState { withdrawn: with(&state.withdrawn, &withdrawn), ..state };
        Ok(Change {
            action: Action::Rollback,
            remote: remote.clone(),
            from: Some(withdrawn.clone()),
            to: state.active.version.clone(),
            percent: None,
            withdrawn: Some(withdrawn),
            state,
            who: who.clone(),
            reason: reason.clone(),
        })
    }

    /// Returns the state in which the active version is replaced by the target.
    async fn replaced(
        &self,
        base: &Manifest,
        live: &RemoteState,
        request: &RollbackRequest,
    ) -> Result<RemoteState, RegistryError> {
        let RollbackRequest { remote, to, .. } = request;
        let version = match (to, &live.previous) {
            (Some(to), _) if *to == live.active.version => {
                let (remote, version) = (remote.clone(), to.clone());
                let how = "live".to_owned();
                return Err(RegistryError::AlreadyLive { remote, version, how });
            }
            (Some(to), _) => to,
            (None, Some(previous)) => &previous.version,
            (None, None) => return Err(RegistryError::NothingToRollBack(remote.clone())),
        };
        let active = self.releasable(remote, version).await?;
        let previous = self.before(base, remote, version, &live.active.version).await?;
        let mut withdrawn = live.withdrawn.clone();
        withdrawn.retain(|gone| *gone != active.version);
        Ok(RemoteState { active, canary: None, previous, withdrawn })
    }

    /// Returns the newest version that was live before `target` was, was not withdrawn since and is still
    /// there.
    ///
    /// Looking only further back keeps a chain of rollbacks from ever going forward again. A target
    /// that never was live has no "before"; then any earlier version will do.
    async fn before(
        &self,
        base: &Manifest,
        remote: &str,
        target: &str,
        withdrawn: &str,
    ) -> Result<Option<Release>, RegistryError> {
        let mut gone = HashSet::from([withdrawn.to_owned()]);
        let mut good = HashSet::new();
        let mut reached = false;
        let mut fallback = None;
        for n in (1..=base.revision).rev() {
            let Some(revision) = self.revision(n).await? else { continue };
            let Some(state) = revision.manifest.remotes.get(remote) else { break };
            let version = &state.active.version;
            if version == target {
                reached = true;
            } else if !gone.contains(version) && self.available(remote, version).await? {
                if reached {
                    return Ok(Some(state.active.clone()));
                }
                fallback.get_or_insert_with(|| state.active.clone());
            }
            if revision.remote == remote {
                // The newest word on a version counts: released again after a rollback is good again.
                good.insert(revision.to);
                gone.extend(revision.withdrawn.filter(|version| !good.contains(version)));
            }
        }
        Ok(if reached { None } else { fallback })
    }
}

/// How many withdrawn versions a manifest names: enough for every page that was open in the meantime.
const REMEMBERED: usize = 20;

fn with(before: &[String], withdrawn: &str) -> Vec<String> {
    let earlier = before.iter().filter(|version| *version != withdrawn).cloned();
    std::iter::once(withdrawn.to_owned()).chain(earlier).take(REMEMBERED).collect()
}
