//! An S3-compatible server that the registry is tried over: moto's, from the Python Package Index.
//!
//! Chosen of what package registries have because it does conditional puts (`If-None-Match: *`), on which
//! every revision of the manifest rests. Only tests use it.

use std::path::PathBuf;

use super::{Cache, python};
use crate::{process, term::Step};

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
    python::ensure(cache, "for the S3-compatible server of tests")?;
    let _lock = cache.lock()?;
    if is_there() {
        return Ok(program);
    }
    let step = Step::begin(format!(
        "Installing {PACKAGE} with pip, an S3-compatible server for tests (half a minute)"
    ));
    python::install(cache, &step, &home, "s3", &[PACKAGE])?;
    process::write(&mark, PACKAGE)?;
    step.done("");
    Ok(program)
}
