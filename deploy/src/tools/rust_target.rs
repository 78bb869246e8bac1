//! The compiler's support for browsers.

use std::path::Path;

use super::{Cache, rustup};
use crate::{process, workspace::Workspace};

/// What browser code is compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the workspace's toolchain can compile for browsers.
pub(super) fn ensure(workspace: &Workspace, cache: &Cache) -> anyhow::Result<()> {
    let told = ["the Rust target wasm32-unknown-unknown", "for browser code"];
    let find = || is_there(workspace).then_some(());
    rustup::ensure(workspace, cache, ["target", TARGET], told, find)
}

/// Tells whether the workspace's toolchain can compile for browsers.
pub(crate) fn is_there(workspace: &Workspace) -> bool {
    let args = ["--print", "target-libdir", "--target", TARGET];
    process::output("rustc", &args, &workspace.root).is_some_and(|dir| Path::new(&dir).is_dir())
}
