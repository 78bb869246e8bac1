//! trunk, which compiles a package for browsers and collects its files.

use std::path::PathBuf;

use super::{Cache, cargo_install};
use crate::workspace::Workspace;

/// The newest that says it builds with the pinned Rust.
pub(crate) const VERSION: &str = "0.21.14";

/// Makes sure that trunk is there and returns where.
pub(super) fn ensure(workspace: &Workspace, cache: &Cache) -> anyhow::Result<PathBuf> {
    let wanted = cargo_install::Wanted {
        krate: "trunk",
        program: "trunk",
        version: VERSION,
        // Rustls needs no OpenSSL headers on the machine.
        args: &["--locked", "--no-default-features", "--features", "rustls"],
        why: "which builds the browser bundles (about 6 minutes on 2 cores)",
    };
    cargo_install::ensure(workspace, cache, &wanted)
}
