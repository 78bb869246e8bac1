//! Debian's package manager, for what neither cargo nor npm has.

use std::process::Command;

use super::Cache;
use crate::{process, term::Step};

/// Installs packages if this is a Debian and we may; otherwise does nothing.
pub(super) fn install(cache: &Cache, packages: &[&str], why: &str) -> anyhow::Result<()> {
    if !nix::unistd::geteuid().is_root() || process::find("apt-get").is_none() {
        return Ok(());
    }
    let _lock = cache.lock()?;
    let step = Step::begin(format!("Installing {} with apt-get, {why}", packages.join(" and ")));
    let apt = |args: &[&str], log| {
        let mut command = Command::new("apt-get");
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        process::run(&step, command, &cache.log(log))
    };
    apt(&["update"], "apt-update")?;
    apt(&[&["install", "-y", "--no-install-recommends"], packages].concat(), "apt-install")?;
    step.done("");
    Ok(())
}
