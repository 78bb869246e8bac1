//! The files of a folder that something else built.

use std::{collections::BTreeMap, fs, io, path::Path};

use contract::FileInfo;

use super::info;

/// Returns every file below a folder, but the descriptor and its signature.
pub(crate) fn files(dir: &Path) -> io::Result<BTreeMap<String, FileInfo>> {
    let mut found = BTreeMap::new();
    collect(dir, "", &mut found)?;
    found.remove(registry::DESCRIPTOR);
    found.remove(registry::SIGNATURE);
    Ok(found)
}

fn collect(dir: &Path, prefix: &str, found: &mut BTreeMap<String, FileInfo>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            let what = format!("the name of {} is not UTF-8", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        };
        let name = [prefix, name].concat();
        if path.is_dir() {
            collect(&path, &[&name, "/"].concat(), found)?;
        } else {
            found.insert(name, info(&fs::read(&path)?));
        }
    }
    Ok(())
}
