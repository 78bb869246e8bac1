//! The compiler's own tool for what programs count (`llvm-profdata`).
//!
//! Not a package of the system: it must be of the version that the compiler is of.

use std::path::{Path, PathBuf};

use super::{Cache, rustup};
use crate::{process, workspace::Workspace};

const PROGRAM: &str = "llvm-profdata";

/// Makes sure that it is there and returns where.
pub(crate) fn ensure(workspace: &Workspace, cache: &Cache) -> anyhow::Result<PathBuf> {
    let component = ["component", "llvm-tools"];
    let told = [PROGRAM, "for a trained build"];
    rustup::ensure(workspace, cache, component, told, || find(workspace))
}

fn find(workspace: &Workspace) -> Option<PathBuf> {
    let libraries = process::output("rustc", &["--print", "target-libdir"], &workspace.root)?;
    let program = Path::new(&libraries).parent()?.join("bin").join(PROGRAM);
    program.is_file().then_some(program)
}
