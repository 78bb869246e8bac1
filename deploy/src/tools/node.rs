//! Node.js with npm: from the system, never ours.

use super::{Cache, apt};
use crate::{failure::Failure, process};

/// Makes sure that `node` and `npm` are on the `PATH`.
pub(super) fn ensure(cache: &Cache) -> anyhow::Result<()> {
    let missing = || ["node", "npm"].into_iter().find(|program| process::find(program).is_none());
    if missing().is_none() {
        return Ok(());
    }
    apt::install(cache, &["nodejs", "npm"], "for wasm-opt, esbuild and browser tests (a minute)")?;
    match missing() {
        None => Ok(()),
        Some(program) => Err(Failure::new(
            format!("`{program}` is missing; wasm-opt, esbuild and the browser tests need it"),
            "install Node.js 20 or later with npm: https://nodejs.org or your package manager",
        )
        .into()),
    }
}
