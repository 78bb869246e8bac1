//! A bundle on its way into the registry.

use std::{collections::BTreeMap, fs, io, path::Path};

use bytes::Bytes;

use crate::RegistryError;

/// The descriptor's file name.
pub const DESCRIPTOR: &str = "remote.json";
/// The file name of the signature over the descriptor.
pub const SIGNATURE: &str = "remote.json.sig";

/// A remote as it was built and signed.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// The exact bytes of `remote.json`, which the signature covers.
    pub descriptor: Bytes,
    /// The bytes of `remote.json.sig`, a [`contract::Signature`]. Nothing is published without.
    pub signature: Option<Bytes>,
    /// Every other file by its path in the bundle, with `/`.
    pub files: BTreeMap<String, Bytes>,
}

impl Bundle {
    /// Reads a bundle from a folder with `remote.json` at its top.
    ///
    /// # Errors
    /// A file cannot be read, or its name is not UTF-8. What is in the files is checked at publish.
    pub fn read_dir(dir: &Path) -> Result<Self, RegistryError> {
        let path = dir.join(DESCRIPTOR);
        let descriptor = fs::read(&path).map_err(unreadable(&path))?.into();
        let mut files = BTreeMap::new();
        collect(dir, "", &mut files)?;
        files.remove(DESCRIPTOR);
        let signature = files.remove(SIGNATURE);
        Ok(Self { descriptor, signature, files })
    }
}

fn collect(
    dir: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, Bytes>,
) -> Result<(), RegistryError> {
    for entry in fs::read_dir(dir).map_err(unreadable(dir))? {
        let path = entry.map_err(unreadable(dir))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            let error = io::Error::new(io::ErrorKind::InvalidData, "the name is not UTF-8");
            return Err(unreadable(&path)(error));
        };
        let name = [prefix, name].concat();
        if path.is_dir() {
            collect(&path, &[&name, "/"].concat(), files)?;
        } else {
            files.insert(name, fs::read(&path).map_err(unreadable(&path))?.into());
        }
    }
    Ok(())
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> RegistryError {
    let path = path.display().to_string();
    |source| RegistryError::ReadBundle { path, source }
}
