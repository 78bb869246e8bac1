//! `dev`: one remote on a server of its own, built again whenever its sources change.
//!
//! * `watch` builds; what it last made, and why it failed, is in [`Current`].
//! * `server` hands that out: a page with a mock host, and the packaged remote for a running site.
//! * `api` answers `/api` from the site that runs, and from `fixtures` where nothing answers.
//!
//! Not here: the real host. The page's is `deploy/templates/dev/host.js`, which does what design and
//! `contract::lifecycle` say and nothing that a remote could come to rely on beyond it.

mod api;
mod fixtures;
mod server;
mod watch;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use axum::body::Bytes;
use contract::Descriptor;

pub(crate) use api::Upstreams;
pub(crate) use server::{Dev, router};
pub(crate) use watch::Watcher;

/// What there is to show.
#[derive(Clone, Debug, Default)]
pub(crate) struct Current {
    /// Counts the builds that succeeded.
    pub(crate) generation: u64,
    /// A build is under way.
    pub(crate) building: bool,
    /// Why the last build failed.
    pub(crate) error: Option<Arc<str>>,
    /// The last build that succeeded.
    pub(crate) draft: Option<Arc<Draft>>,
}

/// A built remote.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) descriptor: Descriptor,
    /// By name, of this build and the one before: an open page may still ask for those.
    pub(crate) files: BTreeMap<String, Bytes>,
}

/// Where the made-up answers of a remote are.
pub(crate) fn fixtures_dir(ui: &std::path::Path) -> PathBuf {
    ui.join("fixtures")
}
