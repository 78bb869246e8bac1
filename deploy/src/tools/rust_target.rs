//! The compiler's support for browsers.

use std::{path::Path, process::Command};

use super::Cache;
use crate::{failure::Failure, process, term::Step, workspace::Workspace};

/// What browser code is compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the workspace's toolchain can compile for browsers.
pub(super) fn ensure(workspace: &Workspace, cache: &Cache) -> anyhow::Result<()> {
    if is_there(workspace) {
        return Ok(());
    }
    let _lock = cache.lock()?;
    if process::find("rustup").is_none() {
        let what = format!("the Rust compiler has no target {TARGET}, which browser code needs");
        let advice = "install it with what installed Rust, or use https://rustup.rs";
        return Err(Failure::new(what, advice).into());
    }
    let step =
        Step::begin(format!("Installing the Rust target {TARGET}, for browser code (seconds)"));
    let mut command = Command::new("rustup");
    command.args(["target", "add", TARGET]).current_dir(&workspace.root);
    process::run(&step, command, &cache.log("rust-target"))?;
    step.done("");
    Ok(())
}

/// Tells whether the workspace's toolchain can compile for browsers.
pub(crate) fn is_there(workspace: &Workspace) -> bool {
    let args = ["--print", "target-libdir", "--target", TARGET];
    process::output("rustc", &args, &workspace.root).is_some_and(|dir| Path::new(&dir).is_dir())
}
