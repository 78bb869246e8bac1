//! Programs that cargo installs from source.

use std::{path::PathBuf, process::Command};

use super::Cache;
use crate::{process, term::Step, workspace::Workspace};

/// A crate with a program.
pub(super) struct Wanted<'a> {
    /// The crate.
    pub(super) krate: &'a str,
    /// The program, which answers `--version` with `<word> <version>`.
    pub(super) program: &'a str,
    pub(super) version: &'a str,
    /// Further arguments of `cargo install`.
    pub(super) args: &'a [&'a str],
    /// What it is for and how long it takes.
    pub(super) why: &'a str,
}

/// Makes sure that the program is there in the wanted version and returns where.
pub(super) fn ensure(
    workspace: &Workspace,
    cache: &Cache,
    wanted: &Wanted<'_>,
) -> anyhow::Result<PathBuf> {
    let Wanted { krate, program, version, args, why } = wanted;
    let path = cache.bin(program);
    let is_there = || self::version(cache, program).as_deref() == Some(*version);
    if is_there() {
        return Ok(path);
    }
    let _lock = cache.lock()?;
    if is_there() {
        return Ok(path);
    }
    let step = Step::begin(format!("Installing {program} {version}, {why}"));
    let target = cache.dir().join("build").join(krate);
    // Not in the workspace: its configuration is not meant for other people's programs.
    let mut command = Command::new("cargo");
    command.args(["install", krate, "--version", version, "--force", "--root"]);
    command.arg(cache.dir()).args(*args).current_dir(cache.dir()).env("CARGO_TARGET_DIR", &target);
    if let Some(sysroot) = process::output("rustc", &["--print", "sysroot"], &workspace.root) {
        command.env("RUSTUP_TOOLCHAIN", sysroot);
    }
    for foreign in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        command.env_remove(foreign);
    }
    // On two cores trunk took 18 minutes with its own release profile and 6 with this one,
    // wasm-bindgen-cli 9 and 2; what they do takes no longer that one would notice.
    for (setting, value) in
        [("LTO", "off"), ("OPT_LEVEL", "1"), ("CODEGEN_UNITS", "16"), ("DEBUG", "0")]
    {
        command.env(["CARGO_PROFILE_RELEASE_", setting].concat(), value);
    }
    process::run(&step, command, &cache.log(program))?;
    std::fs::remove_dir_all(&target).ok();
    step.done("");
    Ok(path)
}

/// Returns the version of a program of the cache, `None` when it is not there.
pub(super) fn version(cache: &Cache, program: &str) -> Option<String> {
    let answer = process::output(cache.bin(program), &["--version"], cache.dir())?;
    answer.split_whitespace().nth(1).map(str::to_owned)
}
