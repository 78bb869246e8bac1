//! The checkout that the tool works on: which remotes and services it has, and what each is made of.
//!
//! A remote is a package with `[package.metadata.asterism]`, a service one with
//! `[package.metadata.asterism-service]`. Not here: building any of them.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use anyhow::Context;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use contract::{Kind, RouteSpec, valid_name};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{failure::Failure, process};

/// The package of the host, which is a bundle but no remote.
pub(crate) const SHELL: &str = "shell";
/// The package of the edge, which is started like a service but serves no domain.
pub(crate) const GATEWAY: &str = "api-gateway";
/// The package of the journal of all events, which is started like a service too.
pub(crate) const JOURNAL: &str = "journal";
/// Its program.
pub(crate) const JOURNAL_BIN: &str = "asterism-journal";

/// A checkout.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Where the workspace's `Cargo.toml` is.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever the environment puts it.
    pub(crate) target: PathBuf,
    /// `rustc 1.95.0 (59807616e 2026-04-14)`.
    pub(crate) rustc: String,
    /// What this machine is, for rustc: `x86_64-unknown-linux-gnu`.
    pub(crate) machine: String,
    metadata: Metadata,
}

/// A package that becomes a browser bundle.
#[derive(Clone, Debug)]
pub(crate) struct Bundled {
    /// Its package.
    pub(crate) package: String,
    /// Where `index.html` and `Trunk.toml` are.
    pub(crate) dir: PathBuf,
    /// The version in `Cargo.toml`.
    pub(crate) version: String,
    /// What the descriptor says besides; the shell has only its name.
    pub(crate) facts: Facts,
}

/// `[package.metadata.asterism]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Facts {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) contract: String,
    #[serde(default)]
    pub(crate) apis: Vec<String>,
    #[serde(default)]
    pub(crate) routes: Vec<RouteSpec>,
    #[serde(default = "yew")]
    pub(crate) kind: Kind,
    /// Most bytes of its code over the wire (brotli), where `bench bytes` would allow others.
    #[serde(default)]
    pub(crate) budget: Option<usize>,
}

fn yew() -> Kind {
    Kind::Yew
}

/// A package that is started as a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    /// Its package.
    pub(crate) package: String,
    /// Its program.
    pub(crate) bin: String,
    /// The `<domain>` of its `/api/<domain>`.
    pub(crate) domain: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceFacts {
    domain: String,
}

impl Workspace {
    /// Reads the workspace that the current folder is in.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let here = std::env::current_dir()?;
        let advice = "install Rust from https://rustup.rs, then try again";
        let version = process::output("rustc", &["-vV"], &here)
            .ok_or_else(|| Failure::new("`rustc` does not run here", advice))?;
        let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
        let mut command = MetadataCommand::new();
        // Without the filter cargo would download what only other systems need.
        let filter = ["--filter-platform", host, "--filter-platform", "wasm32-unknown-unknown"];
        command.other_options(filter.map(String::from));
        let metadata = command
            .exec()
            .context(Failure::usage("this is no checkout of the site", "go to the checkout"))?;
        Ok(Self {
            root: metadata.workspace_root.clone().into(),
            target: metadata.target_directory.clone().into(),
            rustc: version.lines().next().unwrap_or_default().to_owned(),
            machine: host.to_owned(),
            metadata,
        })
    }

    /// Returns the remotes of this workspace, by name.
    pub(crate) fn remotes(&self) -> anyhow::Result<Vec<Bundled>> {
        let mut remotes = Vec::new();
        for package in self.metadata.workspace_packages() {
            let Some(facts) = facts::<Facts>(package, "asterism")? else { continue };
            if !valid_name(&facts.name) {
                let what = format!("`{}` is no name for a remote", facts.name);
                let advice = format!("change it in {}", package.manifest_path);
                return Err(Failure::new(what, advice).into());
            }
            remotes.push(bundled(package, facts));
        }
        remotes.sort_by(|a, b| a.facts.name.cmp(&b.facts.name));
        Ok(remotes)
    }

    /// Returns a remote of this workspace by its name.
    pub(crate) fn remote(&self, name: &str) -> anyhow::Result<Option<Bundled>> {
        Ok(self.remotes()?.into_iter().find(|remote| remote.facts.name == name))
    }

    /// Returns the host.
    pub(crate) fn shell(&self) -> anyhow::Result<Bundled> {
        let package = self.package(SHELL)?;
        Ok(bundled(package, Facts { name: SHELL.to_owned(), ..Facts::default() }))
    }

    /// Returns the services of this workspace, by domain.
    pub(crate) fn services(&self) -> anyhow::Result<Vec<Service>> {
        let mut services = Vec::new();
        for package in self.metadata.workspace_packages() {
            let Some(ServiceFacts { domain }) = facts(package, "asterism-service")? else {
                continue;
            };
            let package = package.name.to_string();
            services.push(Service { bin: package.clone(), package, domain });
        }
        services.sort_by(|a, b| a.domain.cmp(&b.domain));
        Ok(services)
    }

    /// Returns the folders of a package and of every workspace package that it is built from.
    pub(crate) fn source_dirs(&self, package: &str) -> anyhow::Result<Vec<PathBuf>> {
        let built_from = self.closure(&[package])?;
        let local = self.metadata.packages.iter().filter(|p| p.source.is_none());
        let dirs = local.filter(|p| built_from.contains(&p.id)).map(dir);
        Ok(dirs.collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// Returns what a package is built from that is not in the workspace, as `name@version (source)`.
    pub(crate) fn foreign(&self, package: &str) -> anyhow::Result<BTreeSet<String>> {
        let built_from = self.closure(&[package])?;
        let foreign = built_from.into_iter().map(|id| id.repr).filter(|id| !id.starts_with("path"));
        Ok(foreign.collect())
    }

    /// Returns every package that `roots` are built from, themselves included.
    pub(crate) fn closure(&self, roots: &[&str]) -> anyhow::Result<BTreeSet<PackageId>> {
        let resolve = self.metadata.resolve.as_ref().context("cargo did not resolve")?;
        let mut found = BTreeSet::new();
        let mut next = Vec::new();
        for root in roots {
            next.push(self.package(root)?.id.clone());
        }
        while let Some(id) = next.pop() {
            if !found.insert(id.clone()) {
                continue;
            }
            let Some(node) = resolve.nodes.iter().find(|node| node.id == id) else { continue };
            let needed = node.deps.iter().filter(|dep| {
                dep.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development)
            });
            next.extend(needed.map(|dep| dep.pkg.clone()));
        }
        Ok(found)
    }

    /// Returns the locked version of a crate, the highest when there are several.
    pub(crate) fn locked(&self, name: &str) -> Option<String> {
        let found = self.metadata.packages.iter().filter(|package| package.name == name);
        found.map(|package| &package.version).max().map(ToString::to_string)
    }

    /// Returns the workspace's packages that are compiled for browsers.
    pub(crate) fn browser_packages(&self) -> anyhow::Result<Vec<String>> {
        let packages = self.metadata.workspace_packages();
        let bundled = packages.iter().filter(|package| dir(package).join("Trunk.toml").is_file());
        let roots: Vec<&str> = bundled.map(|package| package.name.as_str()).collect();
        let built_from = self.closure(&roots)?;
        let ours = packages.iter().filter(|package| built_from.contains(&package.id));
        Ok(ours.map(|package| package.name.to_string()).collect())
    }

    fn package(&self, name: &str) -> anyhow::Result<&Package> {
        let packages = self.metadata.workspace_packages();
        let found = packages.into_iter().find(|package| package.name == name);
        found.with_context(|| format!("this workspace has no package `{name}`"))
    }
}

fn bundled(package: &Package, facts: Facts) -> Bundled {
    let version = package.version.to_string();
    Bundled { package: package.name.to_string(), dir: dir(package), version, facts }
}

fn dir(package: &Package) -> PathBuf {
    let manifest = package.manifest_path.as_std_path();
    manifest.parent().unwrap_or_else(|| Path::new("")).to_owned()
}

fn facts<T: DeserializeOwned>(package: &Package, table: &str) -> anyhow::Result<Option<T>> {
    let Some(value) = package.metadata.get(table) else { return Ok(None) };
    let read = serde_json::from_value(value.clone());
    read.map(Some)
        .with_context(|| format!("in [package.metadata.{table}] of {}", package.manifest_path))
}
