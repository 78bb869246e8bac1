//! An S3-compatible server that the registry is tried over: moto's, from the Python Package Index.
//!
//! Chosen of what package registries have because it does conditional puts (`If-None-Match: *`), on which
//! every revision of the manifest rests. Only tests use it.

use std::{path::PathBuf, process::Command};

use super::{Cache, apt};
use crate::{failure::Failure, process, term::Step};

const PACKAGE: &str = "moto[s3,server]==5.2.5";

/// Makes sure that the server is there and returns its program.
pub(crate) fn ensure(cache: &Cache) -> anyhow::Result<PathBuf> {
    let home = cache.dir().join("s3");
    let (program, mark) = (home.join("bin/moto_server"), home.join("package"));
    let is_there = || {
        program.is_file() && std::fs::read_to_string(&mark).is_ok_and(|package| package == PACKAGE)
    };
    if is_there() {
        return Ok(program);
    }
    if process::find("python3").is_none() || !makes_environments(cache) {
        apt::install(cache, &["python3", "python3-venv"], "for the S3-compatible server of tests")?;
    }
    if process::find("python3").is_none() {
        let what =
            "no `python3` was found, and the registry is tried over a server that is written in it";
        return Err(Failure::new(what, "install Python 3.9 or newer with venv").into());
    }
    let _lock = cache.lock()?;
    if is_there() {
        return Ok(program);
    }
    let step = Step::begin(format!(
        "Installing {PACKAGE} with pip, an S3-compatible server for tests (half a minute)"
    ));
    let mut environment = Command::new("python3");
    environment.args(["-m", "venv", "--clear"]).arg(&home);
    process::run(&step, environment, &cache.log("s3-venv"))?;
    let mut pip = Command::new(home.join("bin/pip"));
    pip.args(["install", "--disable-pip-version-check", PACKAGE]);
    process::run(&step, pip, &cache.log("s3-pip"))?;
    process::write(&mark, PACKAGE)?;
    step.done("");
    Ok(program)
}

/// Debian's Python comes without the half of `venv` that puts pip in.
fn makes_environments(cache: &Cache) -> bool {
    process::output("python3", &["-c", "import ensurepip"], cache.dir()).is_some()
}
