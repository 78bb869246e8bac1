//! Keys of people and machines that publish, release, roll back, switch pools and collect garbage, `keys/api/<id>.json`.
//!
//! A key's secret is 256 random bits. Stored is its SHA-256, and no slow hash: those protect guessable
//! passwords, and nobody guesses 256 bits; a slow hash would only let a stranger keep the gateway busy.
//!
//! Not here: reading a key from a request (the gateway).

use contract::{ANY_NAME, valid_name};
use object_store::path::Path;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    Registry, RegistryError,
    history::now,
    secret::random,
    trust::{bad_names, is_id},
};

/// Longest name of a key's owner.
const LONGEST_WHO: usize = 100;

/// What a key allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Storing a version.
    Publish,
    /// Making a version live or putting it on trial.
    Release,
    /// Taking a version back.
    Rollback,
    /// Removing versions that nothing names.
    Gc,
    /// Shifting a domain's traffic between its pools.
    Switch,
}

impl Verb {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Publish, Self::Release, Self::Rollback, Self::Gc, Self::Switch];

    /// Returns its name, as keys and policies have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Release => "release",
            Self::Rollback => "rollback",
            Self::Gc => "gc",
            Self::Switch => "switch",
        }
    }
}

/// A key as it is stored: without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    /// 16 hex digits; also in the secret, so that a key which leaked can be named.
    pub id: String,
    /// SHA-256 of the whole secret, hex.
    pub sha256: String,
    /// The person or machine, as the history shows it.
    pub who: String,
    /// The remotes, and domains, that it may touch; `*` stands for all.
    pub names: Vec<String>,
    /// What it may do to them.
    pub verbs: Vec<Verb>,
    /// RFC 3339, UTC.
    pub created_at: String,
}

impl ApiKey {
    /// Returns whose it is and what it allows, for people.
    #[must_use]
    pub fn summary(&self) -> String {
        let verbs: Vec<_> = self.verbs.iter().map(|verb| verb.name()).collect();
        format!("{}: {} for {}", self.who, verbs.join(", "), self.names.join(", "))
    }

    /// Makes a key; returns it and its secret, `ast_<id>_<64 hex digits>`, which is nowhere else.
    ///
    /// # Errors
    /// A name is none, there is no verb, or the system has no randomness.
    pub fn new(
        who: &str,
        names: Vec<String>,
        verbs: Vec<Verb>,
    ) -> Result<(Self, String), RegistryError> {
        let id = hex::encode(random::<8>()?);
        let secret = format!("ast_{id}_{}", hex::encode(random::<32>()?));
        let sha256 = hex::encode(Sha256::digest(&secret));
        let key = Self { id, sha256, who: who.to_owned(), names, verbs, created_at: now() };
        match key.wrong() {
            Some(why) => Err(RegistryError::InvalidKey(why)),
            None => Ok((key, secret)),
        }
    }

    /// Tells whether the key allows `verb` for the remote `name`.
    ///
    /// For what touches every remote, such as collecting garbage, `name` is [`ANY_NAME`].
    #[must_use]
    pub fn may(&self, verb: Verb, name: &str) -> bool {
        self.verbs.contains(&verb)
            && self.names.iter().any(|covered| covered == ANY_NAME || covered == name)
            && (name == ANY_NAME || valid_name(name))
    }

    fn wrong(&self) -> Option<String> {
        let Self { id, sha256, who, names, verbs, created_at: _ } = self;
        if !is_id(id) || hex::decode(sha256).ok().is_none_or(|hash| hash.len() != 32) {
            return Some("its id or its hash is malformed".to_owned());
        }
        if who.is_empty() || who.chars().count() > LONGEST_WHO || who.chars().any(char::is_control)
        {
            return Some(format!("`who` must be 1–{LONGEST_WHO} printable characters"));
        }
        if verbs.is_empty() {
            return Some("it allows nothing: list verbs".to_owned());
        }
        bad_names(names)
    }
}

/// Returns the key that a secret belongs to.
///
/// Every key is compared, each in constant time: how long it takes tells nothing about any of them.
#[must_use]
pub fn find_api_key<'a>(keys: &'a [ApiKey], token: &str) -> Option<&'a ApiKey> {
    let given = hex::encode(Sha256::digest(token));
    let mut found = None;
    for key in keys {
        if bool::from(given.as_bytes().ct_eq(key.sha256.as_bytes())) {
            found = Some(key);
        }
    }
    found
}

impl Registry {
    /// Returns the keys, by id.
    ///
    /// # Errors
    /// The storage failed or a key's document is damaged.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, RegistryError> {
        let mut keys: Vec<ApiKey> = self.store.all_json(&Path::from(FOLDER)).await?;
        keys.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(keys)
    }

    /// Lets a key in.
    ///
    /// # Errors
    /// The key breaks a rule, or the storage failed.
    pub async fn add_api_key(&self, key: &ApiKey) -> Result<(), RegistryError> {
        if let Some(why) = key.wrong() {
            return Err(RegistryError::InvalidKey(why));
        }
        self.store.put_json(&place(&key.id), key).await?;
        tracing::info!(key.id = key.id, key.who = key.who, "API key added");
        Ok(())
    }

    /// Lets a key in no longer; returns whether there was one.
    ///
    /// # Errors
    /// The storage failed.
    pub async fn remove_api_key(&self, id: &str) -> Result<bool, RegistryError> {
        let known = self.drop_key(id, place).await?;
        tracing::info!(key.id = id, "API key removed");
        Ok(known)
    }
}

const FOLDER: &str = "keys/api";

fn place(id: &str) -> Path {
    Path::from(format!("{FOLDER}/{id}.json"))
}
