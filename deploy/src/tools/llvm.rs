//! The compiler's own tool for what programs count (`llvm-profdata`).
//!
//! Not a package of the system: it must be of the version that the compiler is of.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::Cache;
use crate::{failure::Failure, process, term::Step, workspace::Workspace};

const PROGRAM: &str = "llvm-profdata";
const COMPONENT: &str = "llvm-tools";

/// Makes sure that it is there and returns where.
pub(crate) fn ensure(workspace: &Workspace, cache: &Cache) -> anyhow::Result<PathBuf> {
    let wanted = || {
        Failure::new(
            format!("the Rust toolchain has no {PROGRAM}, which a trained build needs"),
            format!("`rustup component add {COMPONENT}`, or get it from what installed Rust"),
        )
    };
    if let Some(program) = find(workspace) {
        return Ok(program);
    }
    let _lock = cache.lock()?;
    if process::find("rustup").is_none() {
        return Err(wanted().into());
    }
    let step = Step::begin(format!("Installing {PROGRAM}, for a trained build (seconds)"));
    let mut command = Command::new("rustup");
    command.args(["component", "add", COMPONENT]).current_dir(&workspace.root);
    process::run(&step, command, &cache.log(COMPONENT))?;
    step.done("");
    find(workspace).ok_or_else(|| wanted().into())
}

fn find(workspace: &Workspace) -> Option<PathBuf> {
    let libraries = process::output("rustc", &["--print", "target-libdir"], &workspace.root)?;
    let program = Path::new(&libraries).parent()?.join("bin").join(PROGRAM);
    program.is_file().then_some(program)
}
