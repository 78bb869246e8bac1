//! The key that this machine signs remotes with.
//!
//! Not here: what a signature covers and who believes it (`registry`, the shell).

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::Path};

use contract::ANY_NAME;
use registry::{Bundle, Registry, SigningKey};

use crate::{cli::Site, failure::Failure, releases::is_folder, workspace::Workspace};

/// Where the signing key is in the data folder.
pub(crate) const KEY: &str = "keys/signing.key";

/// Returns the key that bundles for the site's registry are signed with: the one of the command line, else
/// the one beside a registry's folder, else the one in the data folder.
///
/// A folder that trusts nobody yet gets a key of its own: whoever can write there needs no permission.
/// Anywhere else a key that nobody knows would be worth nothing, so none is made.
pub(crate) async fn key(workspace: Option<&Workspace>, site: &Site) -> anyhow::Result<SigningKey> {
    if let Some(file) = &site.sign_key {
        return Ok(SigningKey::read(file)?);
    }
    let data = site.data_dir(workspace)?;
    let Some(location) = &site.registry else {
        return ensure(&data, &data.join("registry").to_string_lossy()).await;
    };
    if !is_folder(location) {
        let file = data.join(KEY);
        return if file.exists() { Ok(SigningKey::read(&file)?) } else { Err(missing().into()) };
    }
    let beside = std::path::absolute(location)?.parent().map(Path::to_owned);
    let beside = beside.unwrap_or_else(|| data.clone());
    match [&beside, &data].into_iter().find(|dir| dir.join(KEY).exists()) {
        Some(home) => ensure(home, location).await,
        None if Registry::open(location)?.trusted_keys().await?.is_empty() => {
            ensure(&beside, location).await
        }
        None => Err(missing().into()),
    }
}

fn missing() -> Failure {
    let advice = "give the team's key with --sign-key or ASTERISM_SIGN_KEY; `cargo asterism keygen` \
                  makes one, and an operator trusts it with `cargo asterism key trust`";
    Failure::new("there is no key to sign with", advice)
}

/// Makes sure that a data folder has a key and that its registry trusts it.
pub(crate) async fn ensure(data: &Path, registry: &str) -> anyhow::Result<SigningKey> {
    let file = data.join(KEY);
    let key = if file.exists() { SigningKey::read(&file)? } else { make(&file)? };
    let registry = Registry::open(registry)?;
    let trusted = registry.trusted_keys().await?;
    // A registry that has keys has an operator: nobody is added to them in passing.
    if trusted.is_empty() {
        registry.trust(&key.trusted(vec![ANY_NAME.to_owned()])).await?;
    }
    Ok(key)
}

/// Makes a key file that only its owner can read.
pub(crate) fn make(file: &Path) -> anyhow::Result<SigningKey> {
    if let Some(dir) = file.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    }
    let key = SigningKey::generate()?;
    key.write_new(file)?;
    Ok(key)
}

/// Signs a bundle.
pub(crate) fn sign(bundle: Bundle, key: &SigningKey) -> anyhow::Result<Bundle> {
    let signature = serde_json::to_vec_pretty(&key.sign(&bundle.descriptor))?;
    Ok(Bundle { signature: Some(signature.into()), ..bundle })
}

#[cfg(test)]
mod tests {
    use registry::Registry;

    use super::{KEY, ensure, key, make};
    use crate::cli::Site;

    #[tokio::test]
    async fn a_registry_trusts_its_first_key_and_no_other_in_passing() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let folder = one.path().join("registry").to_string_lossy().into_owned();
        let key = ensure(one.path(), &folder).await.unwrap();
        assert_eq!(ensure(one.path(), &folder).await.unwrap().id(), key.id());
        let stranger = ensure(other.path(), &folder).await.unwrap();
        assert_ne!(stranger.id(), key.id());
        let trusted = Registry::open(&folder).unwrap().trusted_keys().await.unwrap();
        assert_eq!(trusted.iter().map(|key| &*key.id).collect::<Vec<_>>(), [key.id()]);
    }

    #[tokio::test]
    async fn the_key_beside_a_registry_comes_first_and_strangers_get_none() {
        let (one, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let registry = one.path().join("registry").to_string_lossy().into_owned();
        let at = |registry: &str| Site {
            data: Some(data.path().to_owned()),
            registry: Some(registry.to_owned()),
            ..Site::default()
        };
        // Nobody is trusted yet: the folder gets a key, and keeps it.
        let first = key(None, &at(&registry)).await.unwrap();
        assert_eq!(key(None, &at(&registry)).await.unwrap().id(), first.id());
        std::fs::remove_file(one.path().join(KEY)).unwrap();
        for location in [&*registry, "http://127.0.0.1:1", "memory:///"] {
            let refusal = key(None, &at(location)).await.unwrap_err().to_string();
            assert_eq!(refusal, "there is no key to sign with", "{location}");
        }
        let own = make(&data.path().join(KEY)).unwrap();
        for location in [&*registry, "http://127.0.0.1:1", "memory:///"] {
            assert_eq!(key(None, &at(location)).await.unwrap().id(), own.id(), "{location}");
        }
    }
}
