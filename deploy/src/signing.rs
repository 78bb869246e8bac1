//! The key that this machine signs remotes with.
//!
//! Not here: what a signature covers and who believes it (`registry`, the shell).

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::Path};

use anyhow::Context;
use contract::ANY_NAME;
use registry::{Bundle, Registry, SigningKey};

use crate::{cli::Site, failure::Failure, releases::is_gateway, workspace::Workspace};

/// Where the signing key is in the data folder.
pub(crate) const KEY: &str = "keys/signing.key";

/// Returns the key that bundles for the site's registry are signed with.
///
/// A registry in a folder has its key beside it, and gets one when it has none: whoever can write there
/// needs no permission. A gateway's is the one of the command line, or of the data folder.
pub(crate) async fn key(workspace: Option<&Workspace>, site: &Site) -> anyhow::Result<SigningKey> {
    let data = site.data_dir(workspace)?;
    if let Some(file) = &site.sign_key {
        return Ok(SigningKey::read(file)?);
    }
    match &site.registry {
        Some(gateway) if is_gateway(gateway) => {
            let file = data.join(KEY);
            let advice = "give the team's key: --sign-key or ASTERISM_SIGN_KEY; \
                          `cargo asterism keygen` makes one";
            SigningKey::read(&file).context(Failure::new("there is no key to sign with", advice))
        }
        Some(folder) => {
            let beside = std::path::absolute(folder)?.parent().map(Path::to_owned);
            ensure(&beside.unwrap_or(data), folder).await
        }
        None => ensure(&data, &data.join("registry").to_string_lossy()).await,
    }
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

    use super::ensure;

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
}
