//! Environments of Python packages, each in a folder of its own.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{Cache, apt};
use crate::{failure::Failure, process, term::Step};

/// Makes sure that Python can make environments; `purpose` says for what, as in "for tests".
pub(super) fn ensure(cache: &Cache, purpose: &str) -> anyhow::Result<()> {
    if process::find("python3").is_none() || !makes_environments(cache) {
        apt::install(cache, &["python3", "python3-venv"], purpose)?;
    }
    if process::find("python3").is_none() {
        let what = format!("no `python3` was found, which is needed {purpose}");
        return Err(Failure::new(what, "install Python 3.9 or newer with venv").into());
    }
    Ok(())
}

/// A program of the Python Package Index.
pub(super) struct Program<'a> {
    /// Of its own, below the tools.
    pub(super) folder: &'a str,
    pub(super) name: &'a str,
    /// What pip installs, with its version.
    pub(super) package: &'a str,
    /// What it is for, as in "for tests".
    pub(super) purpose: &'a str,
}

/// Makes sure that a program is there in its version and returns it.
pub(super) fn program(cache: &Cache, program: &Program<'_>) -> anyhow::Result<PathBuf> {
    let Program { folder, name, package, purpose } = *program;
    let home = cache.dir().join(folder);
    let (file, mark) = (home.join("bin").join(name), home.join("package"));
    let is_there = || {
        file.is_file() && std::fs::read_to_string(&mark).is_ok_and(|installed| installed == package)
    };
    if is_there() {
        return Ok(file);
    }
    ensure(cache, purpose)?;
    let _lock = cache.lock()?;
    if is_there() {
        return Ok(file);
    }
    let step = Step::begin(format!("Installing {package} with pip, {purpose} (half a minute)"));
    install(cache, &step, &home, folder, &[package])?;
    process::write(&mark, package)?;
    step.done("");
    Ok(file)
}

/// Makes the environment `home` anew with a package and what that one needs, or with `--no-deps` without.
pub(super) fn install(
    cache: &Cache,
    step: &Step,
    home: &Path,
    log: &str,
    args: &[&str],
) -> anyhow::Result<()> {
    let mut environment = Command::new("python3");
    environment.args(["-m", "venv", "--clear"]).arg(home);
    process::run(step, environment, &cache.log(&[log, "-venv"].concat()))?;
    let mut pip = Command::new(home.join("bin/pip"));
    pip.args(["install", "--disable-pip-version-check"]).args(args);
    process::run(step, pip, &cache.log(&[log, "-pip"].concat()))
}

/// Debian's Python comes without the half of `venv` that puts pip in.
fn makes_environments(cache: &Cache) -> bool {
    process::output("python3", &["-c", "import ensurepip"], cache.dir()).is_some()
}
