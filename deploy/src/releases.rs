//! The registry as the verbs use it: a folder, or a gateway over HTTP.
//!
//! Not here: what a release means. Both ways end in the same `registry` crate.

mod http;
mod local;

use contract::{Descriptor, Manifest};
use futures_util::future::BoxFuture;
use registry::{
    Bundle, GcReport, GcRequest, Pools, PoolsRevision, ReleaseRequest, RemoteSummary, Revision,
    RollbackRequest, SwitchRequest, VersionOutcomes, VersionSummary,
};

use crate::{cli::Site, failure::Failure, process, recorder::Recorder, workspace::Workspace};

/// What a registry answers.
pub(crate) type Answer<'a, T> = BoxFuture<'a, anyhow::Result<T>>;

/// A registry.
pub(crate) trait Releases: Send + Sync {
    fn manifest(&self) -> Answer<'_, Manifest>;
    fn remotes(&self) -> Answer<'_, Vec<RemoteSummary>>;
    fn versions<'a>(&'a self, remote: &'a str) -> Answer<'a, Vec<VersionSummary>>;
    /// `None` when the version is not published.
    fn descriptor<'a>(
        &'a self,
        remote: &'a str,
        version: &'a str,
    ) -> Answer<'a, Option<Descriptor>>;
    /// The newest first, only those older than `before`; `limit` is 1–100.
    fn revisions(&self, before: Option<u64>, limit: usize) -> Answer<'_, Vec<Revision>>;
    fn publish<'a>(&'a self, bundle: &'a Bundle) -> Answer<'a, Descriptor>;
    fn gc<'a>(&'a self, request: &'a GcRequest) -> Answer<'a, GcReport>;
    /// How versions fare in browsers; `None` where nobody counts.
    fn outcomes(&self) -> Answer<'_, Option<Vec<VersionOutcomes>>>;
    /// `expected` is the revision that the caller decided on.
    fn release<'a>(
        &'a self,
        request: &'a ReleaseRequest,
        expected: Option<u64>,
    ) -> Answer<'a, Revision>;
    fn rollback<'a>(
        &'a self,
        request: &'a RollbackRequest,
        expected: Option<u64>,
    ) -> Answer<'a, Revision>;
    /// How traffic is divided; a folder knows only what was decided.
    fn pools(&self) -> Answer<'_, Pools>;
    fn switch<'a>(
        &'a self,
        request: &'a SwitchRequest,
        expected: Option<u64>,
    ) -> Answer<'a, PoolsRevision>;
}

/// Opens the registry that the command line names.
pub(crate) fn open(
    workspace: Option<&Workspace>,
    site: &Site,
) -> anyhow::Result<Box<dyn Releases>> {
    let data = site.data_dir(workspace)?;
    let location = site.registry_location(workspace)?;
    if is_gateway(&location) {
        let key = site.key.clone().or_else(|| http::own_key(&location, &data));
        return Ok(Box::new(http::Http::new(&location, key)?));
    }
    Ok(Box::new(local::Local::open(&location, Recorder::of(&data, &location))?))
}

/// Opens a gateway for looking.
pub(crate) fn gateway(url: &str) -> anyhow::Result<Box<dyn Releases>> {
    Ok(Box::new(http::Http::new(url, None)?))
}

/// Tells a gateway's URL from a folder or a storage.
pub(crate) fn is_gateway(location: &str) -> bool {
    location.starts_with("http://") || location.starts_with("https://")
}

/// Tells a folder of this machine from everything that has a URL.
pub(crate) fn is_folder(location: &str) -> bool {
    !location.contains("://") || location.starts_with("file://")
}

/// Returns who works here, for the history: the git user, else the account.
pub(crate) fn who() -> String {
    let git = process::output("git", &["config", "user.name"], std::path::Path::new("."));
    git.filter(|name| !name.is_empty())
        .or_else(|| std::env::var("USER").ok())
        .unwrap_or_else(|| "unknown".to_owned())
}

/// Checks a version before anything is built for it.
pub(crate) fn check_version(version: &str) -> anyhow::Result<()> {
    semver::Version::parse(version).map(drop).map_err(|_| {
        let what = format!("`{version}` is no version");
        Failure::usage(what, "use semver such as 1.4.2").into()
    })
}
