//! The signing keys that a registry trusts, `keys/signing/<id>.json`.
//!
//! A key that is taken away no longer makes anything live: its signature is checked again at each release.
//! What is live stays; a release of a version by another key, or a rollback, replaces it.
//!
//! Not here: the trust root of browsers, which is deployed with the shell and not read from this store.

use contract::{ANY_NAME, TrustedKey, valid_name};
use object_store::path::Path;
use serde::{Deserialize, Serialize};

use crate::{Registry, RegistryError, history::now, signing::public_key};

#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    key: TrustedKey,
    added_at: String,
}

impl Registry {
    /// Returns the keys that may sign, by id.
    ///
    /// # Errors
    /// The storage failed or a key's document is damaged.
    pub async fn trusted_keys(&self) -> Result<Vec<TrustedKey>, RegistryError> {
        let stored: Vec<Stored> = self.store.all_json(&Path::from(FOLDER)).await?;
        let mut keys: Vec<_> = stored.into_iter().map(|stored| stored.key).collect();
        keys.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(keys)
    }

    /// Trusts a key for its names; a key that is already trusted gets these names instead.
    ///
    /// # Errors
    /// It is no Ed25519 key, its id is not its own, a name is none, or the storage failed.
    pub async fn trust(&self, key: &TrustedKey) -> Result<(), RegistryError> {
        let refuse = |why: String| Err(RegistryError::InvalidKey(why));
        if public_key(key).is_none() {
            return refuse("it is no public Ed25519 key of that id".to_owned());
        }
        if let Some(why) = bad_names(&key.names) {
            return refuse(why);
        }
        let path = place(&key.id);
        let stored = Stored { key: key.clone(), added_at: now() };
        self.store.put_json(&path, &stored).await?;
        tracing::info!(key.id = key.id, key.names = ?key.names, "signing key trusted");
        Ok(())
    }

    /// Trusts a key no longer; returns whether it was trusted.
    ///
    /// # Errors
    /// The storage failed.
    pub async fn distrust(&self, id: &str) -> Result<bool, RegistryError> {
        let known = self.drop_key(id, place).await?;
        tracing::info!(key.id = id, "signing key distrusted");
        Ok(known)
    }

    /// Removes a key's document of either kind; returns whether there was one.
    pub(crate) async fn drop_key(
        &self,
        id: &str,
        place: fn(&str) -> Path,
    ) -> Result<bool, RegistryError> {
        // What is no id names no object of ours.
        if !is_id(id) {
            return Ok(false);
        }
        let path = place(id);
        let known = self.store.exists(&path).await?;
        self.store.delete(&path).await?;
        Ok(known)
    }
}

const FOLDER: &str = "keys/signing";

fn place(id: &str) -> Path {
    Path::from(format!("{FOLDER}/{id}.json"))
}

/// Tells whether a text can be the id of a key and so name its object.
pub(crate) fn is_id(id: &str) -> bool {
    id.len() == 16 && id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Returns what is wrong with the names that a key is good for.
pub(crate) fn bad_names(names: &[String]) -> Option<String> {
    if names.is_empty() {
        return Some("it has no names: list remotes, or `*` for all".to_owned());
    }
    let bad = names.iter().find(|name| *name != ANY_NAME && !valid_name(name))?;
    Some(format!("`{bad}` is no remote's name"))
}
