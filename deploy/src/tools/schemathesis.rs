//! Schemathesis: makes requests of an API's description, right ones and wrong ones, from the Python Package Index.

use std::path::PathBuf;

use super::{Cache, python};
use crate::{process, term::Step};

const PACKAGE: &str = "schemathesis==4.32.5";

/// Makes sure that the program is there and returns it.
pub(crate) fn ensure(cache: &Cache) -> anyhow::Result<PathBuf> {
    let home = cache.dir().join("schemathesis");
    let (program, mark) = (home.join("bin/schemathesis"), home.join("package"));
    let is_there = || {
        program.is_file() && std::fs::read_to_string(&mark).is_ok_and(|package| package == PACKAGE)
    };
    if is_there() {
        return Ok(program);
    }
    python::ensure(cache, "to attack a site")?;
    let _lock = cache.lock()?;
    if is_there() {
        return Ok(program);
    }
    let step =
        Step::begin(format!("Installing {PACKAGE} with pip, to attack a site (half a minute)"));
    python::install(cache, &step, &home, "schemathesis", &[PACKAGE])?;
    process::write(&mark, PACKAGE)?;
    step.done("");
    Ok(program)
}
