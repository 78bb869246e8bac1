//! Whether something changed since a bundle was built.
//!
//! Contents count, not times: a checkout of another branch and back builds nothing again.

use std::path::{Path, PathBuf};

use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::{
    tools::{npm, trunk},
    workspace::Workspace,
};

/// What is beside sources and is no source.
const SKIPPED: [&str; 7] =
    ["target", "dist", "node_modules", "tests", "benches", "examples", "fixtures"];
/// Files outside the packages that decide the bytes of every bundle.
const SHARED: [&str; 3] = ["Cargo.toml", "rust-toolchain.toml", ".cargo/config.toml"];
/// What turns trunk's output into a bundle, as it was compiled into this tool: it need not be in the
/// workspace that is built.
const PACKAGING: [&str; 8] = [
    crate::build::ENTRY,
    include_str!("build.rs"),
    include_str!("build/trunk.rs"),
    include_str!("package.rs"),
    include_str!("package/dist.rs"),
    include_str!("package/factory.rs"),
    include_str!("package/glue.rs"),
    include_str!("package/names.rs"),
];

/// Returns the fingerprint of everything that the bundle of `package` is built from.
pub(crate) fn of_bundle(workspace: &Workspace, package: &str) -> anyhow::Result<String> {
    let Workspace { root, rustc, .. } = workspace;
    let mut hash = Sha256::new();
    let tools = [rustc.as_str(), trunk::VERSION, npm::LOCK, &root.to_string_lossy()];
    for text in tools.into_iter().chain(PACKAGING) {
        add(&mut hash, text.as_bytes());
    }
    for id in workspace.foreign(package)? {
        add(&mut hash, id.as_bytes());
    }
    let mut files: Vec<PathBuf> = SHARED.iter().map(|file| root.join(file)).collect();
    for dir in workspace.source_dirs(package)? {
        files.extend(sources(&dir)?);
    }
    files.sort();
    for file in files.iter().filter(|file| file.is_file()) {
        add(&mut hash, file.strip_prefix(root).unwrap_or(file).as_os_str().as_encoded_bytes());
        add(
            &mut hash,
            &std::fs::read(file).with_context(|| format!("reading {}", file.display()))?,
        );
    }
    Ok(hex::encode(hash.finalize()))
}

/// The length keeps `ab` + `c` and `a` + `bc` apart.
fn add(hash: &mut Sha256, bytes: &[u8]) {
    hash.update(bytes.len().to_le_bytes());
    hash.update(bytes);
}

/// Returns the files of a package, without what is in packages inside it.
fn sources(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with('.') || SKIPPED.contains(&name.as_ref()) {
                continue;
            }
            if !path.is_dir() {
                files.push(path);
            } else if !path.join("Cargo.toml").is_file() {
                folders.push(path);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::sources;

    #[test]
    fn sources_are_the_packages_own_files() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        for file in [
            "Cargo.toml",
            "src/lib.rs",
            "a.css",
            "tests/x.rs",
            "fixtures/x.json",
            "dist/y.js",
            ".z",
            "in/Cargo.toml",
        ] {
            std::fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
            std::fs::write(root.join(file), "").unwrap();
        }
        let mut found = sources(root).unwrap();
        found.sort();
        assert_eq!(found, ["Cargo.toml", "a.css", "src/lib.rs"].map(|file| root.join(file)));
    }
}
