//! The programs that builds and tests need, installed into a cache when they are missing.
//!
//! Each tool has a file that knows its version, how to see that it is there, and how to get it. What is
//! there in the right version is never touched, and looking takes milliseconds.
//!
//! Not here: Rust itself (rustup reads `rust-toolchain.toml`).

mod apt;
mod cargo_install;
pub(crate) mod chromium;
pub(crate) mod faketime;
pub(crate) mod llvm;
pub(crate) mod model;
pub(crate) mod nginx;
pub(crate) mod node;
pub(crate) mod node_modules;
pub(crate) mod npm;
mod python;
mod rust_target;
mod rustup;
pub(crate) mod s3;
pub(crate) mod schemathesis;
pub(crate) mod trunk;
mod wasm_bindgen;

use std::{
    ffi::OsString,
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

use anyhow::Context;

pub(crate) use node_modules::OLDEST_NODE;
pub(crate) use rust_target::{TARGET as WASM_TARGET, is_there as has_wasm_target};

use crate::{failure::Failure, process, term, workspace::Workspace};

/// The folder that tools are installed into.
#[derive(Debug)]
pub(crate) struct Cache(PathBuf);

impl Cache {
    /// Returns `$XDG_CACHE_HOME/asterism/tools`, by default `~/.cache/asterism/tools`.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let xdg = std::env::var_os("XDG_CACHE_HOME").filter(|dir| !dir.is_empty());
        let cache = match xdg {
            Some(dir) => PathBuf::from(dir),
            None => std::env::home_dir()
                .ok_or_else(|| Failure::new("no home folder is known", "set XDG_CACHE_HOME"))?
                .join(".cache"),
        };
        let dir = cache.join("asterism/tools");
        std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        Ok(Self(dir))
    }

    fn dir(&self) -> &Path {
        &self.0
    }

    fn bin(&self, program: &str) -> PathBuf {
        self.0.join("bin").join(program)
    }

    fn log(&self, tool: &str) -> PathBuf {
        self.0.join("logs").join(tool).with_extension("log")
    }

    /// Waits until no other run installs anything. The lock goes with the returned file, even by SIGKILL.
    fn lock(&self) -> anyhow::Result<File> {
        let file = process::create(&self.0.join(".lock"))?;
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => term::note("waiting for another installation to end"),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        file.lock()?;
        Ok(file)
    }
}

/// What browser bundles are built with.
#[derive(Debug)]
pub(crate) struct BuildTools {
    /// The `trunk` program.
    pub(crate) trunk: PathBuf,
    /// The `esbuild` program.
    pub(crate) esbuild: PathBuf,
    /// A `PATH` on which trunk finds wasm-bindgen and wasm-opt.
    pub(crate) path: OsString,
}

impl BuildTools {
    /// Makes sure that all of them are there.
    pub(crate) fn ensure(workspace: &Workspace) -> anyhow::Result<Self> {
        let cache = Cache::find()?;
        rust_target::ensure(workspace, &cache)?;
        let trunk = trunk::ensure(workspace, &cache)?;
        let wasm_bindgen = wasm_bindgen::ensure(workspace, &cache)?;
        let npm::Installed { wasm_opt, esbuild } = npm::ensure(&cache)?;
        let ours = [&wasm_bindgen, &wasm_opt].map(|tool| tool.parent().map(Path::to_owned));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = ours.into_iter().flatten().chain(std::env::split_paths(&path));
        Ok(Self { trunk, esbuild, path: std::env::join_paths(path)? })
    }
}

/// A program of the cache.
#[derive(Debug)]
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    /// The version that builds need.
    pub(crate) wanted: String,
    /// The version that is there.
    pub(crate) found: Option<String>,
}

/// Returns what is installed, and installs nothing.
pub(crate) fn installed(workspace: &Workspace) -> anyhow::Result<Vec<Tool>> {
    let cache = Cache::find()?;
    let bindgen = wasm_bindgen::wanted(workspace)?;
    let programs = [("trunk", trunk::VERSION.to_owned()), ("wasm-bindgen", bindgen)];
    let tool = |(name, wanted)| {
        let found = cargo_install::version(&cache, name);
        Tool { name, wanted, found }
    };
    Ok(programs.map(tool).into())
}
