//! Which versions a collection must leave alone.

use std::collections::HashSet;

use contract::Manifest;

use crate::{Registry, RegistryError};

/// Versions by remote.
#[derive(Debug, Default)]
pub(crate) struct Needed(HashSet<(String, String)>);

impl Needed {
    pub(crate) fn names(&self, remote: &str, version: &str) -> bool {
        self.0.contains(&(remote.to_owned(), version.to_owned()))
    }

    fn add(&mut self, manifest: &Manifest) {
        for (remote, state) in &manifest.remotes {
            for (_, release) in state.loadable() {
                self.0.insert((remote.clone(), release.version.clone()));
            }
        }
    }
}

impl Registry {
    /// Returns what the last `keep` revisions name, the current one among them.
    pub(crate) async fn needed(&self, keep: u64) -> Result<Needed, RegistryError> {
        let mut needed = Needed::default();
        let keep = usize::try_from(keep).unwrap_or(usize::MAX);
        for revision in self.revisions(None, keep).await? {
            needed.add(&revision.manifest);
        }
        Ok(needed)
    }
}
