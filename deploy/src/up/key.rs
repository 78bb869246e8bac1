//! The secrets of a local site: the operator's API key and the sessions' secret. Made once, readable by
//! their owner only.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use anyhow::Context;
use contract::ANY_NAME;
use registry::{ApiKey, Registry, Verb, find_api_key};

use super::KEY;

const SECRET: &str = "keys/session.secret";

/// Makes sure that the operator has a key that the registry knows.
pub(crate) async fn ensure(data: &Path, registry: &Registry) -> anyhow::Result<()> {
    let file = data.join(KEY);
    if let Ok(secret) = fs::read_to_string(&file)
        && find_api_key(&registry.api_keys().await?, secret.trim())
            .is_some_and(|key| Verb::ALL.iter().all(|verb| key.verbs.contains(verb)))
    {
        return Ok(());
    }
    // None yet, or one that this registry does not know, or from before there was some verb.
    let (key, secret) = ApiKey::new("operator", vec![ANY_NAME.to_owned()], Verb::ALL.to_vec())?;
    registry.add_api_key(&key).await?;
    write(&file, &secret)
}

/// Makes sure that there is a secret that sessions are signed with, and returns its file.
pub(crate) fn session_secret(data: &Path) -> anyhow::Result<PathBuf> {
    let file = data.join(SECRET);
    if !file.exists() {
        // Two of them, because a version 4 UUID has 122 random bits.
        let random = || uuid::Uuid::new_v4().simple().to_string();
        write(&file, &[random(), random()].concat())?;
    }
    Ok(file)
}

/// Makes sure that a role of this site's services has a secret, and returns it.
pub(crate) fn role(data: &Path, role: &str) -> anyhow::Result<String> {
    let file = data.join("keys").join(role);
    if let Some(secret) = role_of(data, role) {
        return Ok(secret);
    }
    let secret = uuid::Uuid::new_v4().simple().to_string();
    write(&file, &secret)?;
    Ok(secret)
}

/// Returns the secret of a role of the site on this machine, when it has one.
pub(crate) fn role_of(data: &Path, role: &str) -> Option<String> {
    let secret = fs::read_to_string(data.join("keys").join(role)).ok()?;
    let secret = secret.trim();
    (!secret.is_empty()).then(|| secret.to_owned())
}

fn write(file: &Path, secret: &str) -> anyhow::Result<()> {
    let write = || {
        if let Some(dir) = file.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        options.open(file)?.write_all(secret.as_bytes())
    };
    write().with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use registry::{Registry, find_api_key};

    use super::{ensure, role, role_of, session_secret};

    #[tokio::test]
    async fn secrets_are_made_once_and_are_the_owners() {
        let data = tempfile::tempdir().unwrap();
        let registry = Registry::open(data.path().join("registry").to_str().unwrap()).unwrap();
        ensure(data.path(), &registry).await.unwrap();
        let file = data.path().join("keys/operator");
        let secret = std::fs::read_to_string(&file).unwrap();
        ensure(data.path(), &registry).await.unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), secret);
        let keys = registry.api_keys().await.unwrap();
        assert_eq!(find_api_key(&keys, &secret).unwrap().who, "operator");
        // A key that the registry does not know is replaced.
        registry.remove_api_key(&keys[0].id).await.unwrap();
        ensure(data.path(), &registry).await.unwrap();
        assert_ne!(std::fs::read_to_string(&file).unwrap(), secret);
        let session = session_secret(data.path()).unwrap();
        assert_eq!(role_of(data.path(), "editor"), None);
        let editor = role(data.path(), "editor").unwrap();
        assert_eq!(role(data.path(), "editor").unwrap(), editor);
        assert_eq!(role_of(data.path(), "editor"), Some(editor));
        for file in [file, session, data.path().join("keys/editor")] {
            assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
