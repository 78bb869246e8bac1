//! wasm-opt and esbuild, which npm has for every machine. The versions are in `deploy/tools`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{Cache, node};
use crate::{process, term::Step};

/// What is installed, with the checksum of every file.
pub(crate) const LOCK: &str = include_str!("../../tools/package-lock.json");
const PACKAGE: &str = include_str!("../../tools/package.json");

/// Where the programs are.
pub(super) struct Installed {
    pub(super) wasm_opt: PathBuf,
    pub(super) esbuild: PathBuf,
}

/// Makes sure that both programs are there.
pub(super) fn ensure(cache: &Cache) -> anyhow::Result<Installed> {
    let dir = cache.dir().join("npm");
    let bin = dir.join("node_modules/.bin");
    let installed = Installed { wasm_opt: bin.join("wasm-opt"), esbuild: bin.join("esbuild") };
    node::ensure(cache)?;
    let programs = [&installed.wasm_opt, &installed.esbuild];
    if programs.iter().all(|program| program.is_file()) && is_current(&dir, LOCK) {
        return Ok(installed);
    }
    let _lock = cache.lock()?;
    let step = Step::begin("Installing wasm-opt and esbuild, which make bundles small (seconds)");
    process::write(&dir.join("package.json"), PACKAGE)?;
    process::write(&dir.join("package-lock.json"), LOCK)?;
    install(&step, &dir, &cache.log("npm"))?;
    mark(&dir, LOCK)?;
    step.done("");
    Ok(installed)
}

/// Installs exactly what the folder's lock file says, and runs no script of any package.
pub(super) fn install(step: &Step, dir: &Path, log: &Path) -> anyhow::Result<()> {
    let mut command = Command::new("npm");
    command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(dir);
    process::run(step, command, log)
}

/// Remembers which lock file was installed. npm's own trace cannot be compared with it.
pub(super) fn mark(dir: &Path, lock: &str) -> anyhow::Result<()> {
    process::write(&dir.join("node_modules/.asterism-lock"), lock)
}

/// Tells whether what is installed is what the lock file says.
pub(super) fn is_current(dir: &Path, lock: &str) -> bool {
    std::fs::read_to_string(dir.join("node_modules/.asterism-lock")).is_ok_and(|is| is == lock)
}
