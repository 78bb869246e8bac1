//! Who may write the files of a version that is not there yet: `publishing/<name>/<version>/<n>.json`.
//!
//! A version's files lie in one folder whoever writes them, so two publishers with other bytes must not
//! both write. Each creates a claim on its bytes first, numbered, and only if it is not there: the highest
//! number owns the folder. Publishers of the same bytes share a claim, they write the same. A claim of
//! others is respected for an hour after it was made, by the store's own clock, and then taken over with
//! the next number, which again only one of several gets.
//!
//! What remains: a publisher that is stopped for over an hour exactly between its last look at the claim
//! and the creation of `remote.json`. Its version then fails its integrity in every browser, and runs in none.

use object_store::path::Path;
use serde::{Deserialize, Serialize};

use crate::{Registry, RegistryError, store::encode};

/// After so many seconds nobody is still writing.
pub(crate) const STALE_SECONDS: i64 = 3600;
const ATTEMPTS: usize = 100;

#[derive(Serialize, Deserialize)]
struct Document {
    /// Of the descriptor and its signature, hex.
    sha256: String,
}

/// The right to write a version's files.
pub(crate) struct Claim {
    folder: Path,
    number: u64,
}

impl Registry {
    /// Claims a version's folder for the bytes with this digest.
    pub(crate) async fn claim(
        &self,
        remote: &str,
        version: &str,
        sha256: &str,
    ) -> Result<Claim, RegistryError> {
        let folder = Path::from_iter(["publishing", remote, version]);
        for _ in 0..ATTEMPTS {
            let mut number = 1;
            if let Some((highest, path)) = self.newest_claim(&folder).await? {
                let Some((meta, found)) = self.store.get_json::<Document>(&path).await? else {
                    continue;
                };
                let age = self.store.now().await? - meta.last_modified.timestamp();
                if found.sha256 == sha256 && age < STALE_SECONDS / 2 {
                    return Ok(Claim { folder, number: highest });
                }
                if found.sha256 != sha256 && age < STALE_SECONDS {
                    return Err(in_progress(remote, version, age));
                }
                number = highest + 1;
            }
            let path = place(&folder, number);
            let bytes = encode(&path, &Document { sha256: sha256.to_owned() })?;
            if self.store.create(&path, bytes).await? {
                return Ok(Claim { folder, number });
            }
        }
        Err(RegistryError::Busy)
    }

    /// Checks that nobody took the claim over meanwhile.
    pub(crate) async fn still_owns(
        &self,
        claim: &Claim,
        remote: &str,
        version: &str,
    ) -> Result<(), RegistryError> {
        match self.newest_claim(&claim.folder).await? {
            Some((newest, _)) if newest > claim.number => Err(in_progress(remote, version, 0)),
            _ => Ok(()),
        }
    }

    /// Gives the claim up. What cannot be removed only waits for the garbage collection.
    pub(crate) async fn unclaim(&self, claim: &Claim) {
        for number in (1..=claim.number).rev() {
            if let Err(error) = self.store.delete(&place(&claim.folder, number)).await {
                tracing::warn!(%error, "cannot remove the claim of a finished publish");
                return;
            }
        }
    }

    async fn newest_claim(&self, folder: &Path) -> Result<Option<(u64, Path)>, RegistryError> {
        let number = |path: &Path| path.filename()?.strip_suffix(".json")?.parse().ok();
        let listed = self.store.objects(folder).await?;
        Ok(listed.into_iter().filter_map(|path| Some((number(&path)?, path))).max())
    }
}

fn place(folder: &Path, number: u64) -> Path {
    folder.clone().join(format!("{number}.json"))
}

fn in_progress(remote: &str, version: &str, age: i64) -> RegistryError {
    let minutes = |seconds: i64| u64::try_from(seconds.max(0)).unwrap_or(0) / 60;
    RegistryError::PublishInProgress {
        remote: remote.to_owned(),
        version: version.to_owned(),
        began: minutes(age),
        again: minutes(STALE_SECONDS - age) + 1,
    }
}
