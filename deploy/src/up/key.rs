//! The operator's key of a local site: made once, readable by its owner only.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::KEY;

/// Makes sure that there is a key, and returns the SHA-256 that gateways know it by.
pub(crate) fn ensure(data: &Path) -> anyhow::Result<String> {
    let file = data.join(KEY);
    let key = match fs::read_to_string(&file) {
        Ok(key) => key,
        Err(error) if error.kind() == ErrorKind::NotFound => make(&file)?,
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", file.display()));
        }
    };
    Ok(hex::encode(Sha256::digest(key.trim())))
}

fn make(file: &Path) -> anyhow::Result<String> {
    // Two of them, because a version 4 UUID has 122 random bits.
    let random = || uuid::Uuid::new_v4().simple().to_string();
    let key = [random(), random()].concat();
    if let Some(dir) = file.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    }
    let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    written?.write_all(key.as_bytes())?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::ensure;

    #[test]
    fn the_key_is_made_once_and_is_the_owners() {
        let data = tempfile::tempdir().unwrap();
        let hash = ensure(data.path()).unwrap();
        assert_eq!(ensure(data.path()).unwrap(), hash);
        assert_eq!(hash.len(), 64);
        let mode =
            std::fs::metadata(data.path().join("keys/operator")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_ne!(ensure(tempfile::tempdir().unwrap().path()).unwrap(), hash);
    }
}
