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

/// Makes sure that Node.js is no older than `major`.
pub(super) fn at_least(cache: &Cache, major: u32) -> anyhow::Result<()> {
    ensure(cache)?;
    let version = process::output("node", &["--version"], cache.dir()).unwrap_or_default();
    if major_of(&version).is_some_and(|found| found >= major) {
        return Ok(());
    }
    let what = format!("Node.js {version} is too old, the browser tests need {major}");
    let advice = format!("put Node.js {major} or later on the PATH: https://nodejs.org");
    Err(Failure::new(what, advice).into())
}

/// Reads the 20 of `v20.11.1`.
pub(crate) fn major_of(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major_of;

    #[test]
    fn nodes_version_is_read() {
        assert_eq!(major_of("v20.11.1"), Some(20));
        assert_eq!(major_of("node"), None);
    }
}
