//! wasm-bindgen, which writes the JavaScript between a bundle's WebAssembly and the browser.

use std::path::PathBuf;

use anyhow::Context;

use super::{Cache, cargo_install};
use crate::workspace::Workspace;

/// Makes sure that the program matches the locked crate, as it must, and returns where it is.
pub(super) fn ensure(workspace: &Workspace, cache: &Cache) -> anyhow::Result<PathBuf> {
    let version = wanted(workspace)?;
    let wanted = cargo_install::Wanted {
        krate: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: &version,
        // Not --locked: the lock file of 0.2.130 names a webpki-roots that is not to be had.
        args: &["--bin", "wasm-bindgen"],
        why: "which must match Cargo.lock (about 2 minutes on 2 cores)",
    };
    cargo_install::ensure(workspace, cache, &wanted)
}

/// Returns the version that the lock file names.
pub(super) fn wanted(workspace: &Workspace) -> anyhow::Result<String> {
    workspace.locked("wasm-bindgen").context("Cargo.lock has no wasm-bindgen")
}
