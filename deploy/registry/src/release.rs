//! Making a version live, or putting it on trial.

use contract::{
    Canary, Descriptor, HOST_CONTRACT, Manifest, Release, RemoteState, misfit, valid_name,
};

use crate::{
    Action, DESCRIPTOR, Registry, RegistryError, ReleaseRequest, Revision, SIGNATURE,
    check::valid_version,
    gc::tombstone,
    history::{Change, Request},
    publish::{folder, signature},
};

/// Longest reason in the history.
const LONGEST_REASON: usize = 1000;

impl Registry {
    /// Makes a published version live and returns the new revision.
    ///
    /// `expected` is the revision that the caller decided on; without it the release goes on top of
    /// whatever is newest.
    ///
    /// # Errors
    /// The request or the version breaks a rule, somebody else was first, or the storage failed.
    pub async fn release(
        &self,
        request: &ReleaseRequest,
        expected: Option<u64>,
    ) -> Result<Revision, RegistryError> {
        valid_request(&request.remote, Some(("version", &request.version)), &request.reason)?;
        if request.percent.is_some_and(|percent| !(1..=99).contains(&percent)) {
            let why = "must be 1–99; leave it out to release to everybody".to_owned();
            return Err(RegistryError::InvalidRequest { field: "percent", why });
        }
        let motion = self.moving(&request.remote).await?;
        let made = match self.releasable(&request.remote, &request.version).await {
            Ok(release) => self.change(expected, Request::Release(request, &release)).await,
            Err(refused) => Err(refused),
        };
        self.settled(motion).await;
        made
    }

    /// Tells whether a version is there and is not being removed.
    pub(crate) async fn available(
        &self,
        remote: &str,
        version: &str,
    ) -> Result<bool, RegistryError> {
        Ok(!self.store.exists(&tombstone(remote, version)).await?
            && self.store.exists(&folder(remote, version).join(DESCRIPTOR)).await?)
    }

    /// Returns a published version in its loadable form if it runs under this host.
    pub(crate) async fn releasable(
        &self,
        remote: &str,
        version: &str,
    ) -> Result<Release, RegistryError> {
        if self.store.exists(&tombstone(remote, version)).await? {
            let (remote, version) = (remote.to_owned(), version.to_owned());
            return Err(RegistryError::VersionRemoved { remote, version });
        }
        let folder = folder(remote, version);
        let marker = folder.clone().join(DESCRIPTOR);
        let Some((_, bytes)) = self.store.get(&marker).await? else {
            let (remote, version) = (remote.to_owned(), version.to_owned());
            return Err(RegistryError::NotPublished { remote, version });
        };
        let descriptor: Descriptor = match serde_json::from_slice(&bytes) {
            Ok(descriptor) => descriptor,
            Err(error) => {
                return Err(RegistryError::Corrupt { path: marker, source: error.into() });
            }
        };
        fitting(&descriptor)?;
        let stored = self.store.get(&folder.join(SIGNATURE)).await?;
        let signature = signature(stored.as_ref().map(|(_, bytes)| &**bytes))?;
        self.signed(&descriptor, &bytes, signature.as_ref()).await?;
        Ok(Release::from_descriptor(descriptor, signature))
    }
}

/// Checks what release and rollback have in common.
pub(crate) fn valid_request(
    remote: &str,
    version: Option<(&'static str, &str)>,
    reason: &str,
) -> Result<(), RegistryError> {
    let refuse = |field, why: String| Err(RegistryError::InvalidRequest { field, why });
    if !valid_name(remote) {
        return refuse("remote", format!("is `{remote}`, which is no remote's name"));
    }
    if let Some((field, version)) = version
        && !valid_version(version)
    {
        return refuse(field, format!("is `{version}`, but must be semver such as 1.4.2"));
    }
    valid_reason(reason)
}

/// Checks that a reason is one that a list can show.
pub(crate) fn valid_reason(reason: &str) -> Result<(), RegistryError> {
    if reason.chars().count() > LONGEST_REASON {
        let why = format!("is longer than {LONGEST_REASON} characters");
        return Err(RegistryError::InvalidRequest { field: "reason", why });
    }
    Ok(())
}

/// Returns what the release does to `base`.
pub(crate) fn plan(
    base: &Manifest,
    request: &ReleaseRequest,
    release: &Release,
) -> Result<Change, RegistryError> {
    let ReleaseRequest { remote, version, percent, reason, who } = request;
    let live = base.remotes.get(remote);
    let already = |how: String| RegistryError::AlreadyLive {
        remote: remote.clone(),
        version: version.clone(),
        how,
    };
    if live.is_some_and(|live| live.active.version == *version) {
        return Err(already("live".to_owned()));
    }
    let state = match (percent, live) {
        (None, live) => RemoteState {
            active: release.clone(),
            canary: None,
            previous: live.map(|live| live.active.clone()),
            withdrawn: still_withdrawn(live, version),
        },
        (Some(_), None) => return Err(RegistryError::NotReleased(remote.clone())),
        (Some(percent), Some(live)) => {
            let trial = Canary { percent: *percent, release: release.clone() };
            if live.canary.as_ref() == Some(&trial) {
                return Err(already(format!("on trial at {percent} %")));
            }
            let withdrawn = still_withdrawn(Some(live), version);
            RemoteState { canary: Some(trial), withdrawn, ..live.clone() }
        }
    };
    Ok(Change {
        action: Action::Release,
        remote: remote.clone(),
        from: live.map(|live| live.active.version.clone()),
        to: version.clone(),
        percent: *percent,
        withdrawn: None,
        state,
        who: who.clone(),
        reason: reason.clone(),
    })
}

/// A version that is released again counts as good again.
fn still_withdrawn(live: Option<&RemoteState>, released: &str) -> Vec<String> {
    let mut withdrawn = live.map(|live| live.withdrawn.clone()).unwrap_or_default();
    withdrawn.retain(|version| version != released);
    withdrawn
}

/// Checks that this host offers what the remote needs.
pub(crate) fn fitting(descriptor: &Descriptor) -> Result<(), RegistryError> {
    let Descriptor { name, version, contract, .. } = descriptor;
    let Some(misfit) = misfit(contract, HOST_CONTRACT) else { return Ok(()) };
    Err(RegistryError::Incompatible {
        remote: name.clone(),
        version: version.clone(),
        needs: contract.clone(),
        offers: HOST_CONTRACT.to_owned(),
        hint: misfit.advice().to_owned(),
    })
}
