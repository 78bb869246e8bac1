//! Building: browser bundles with trunk, servers with cargo.
//!
//! A bundle is built again only when something that it is made of changed (see `fingerprint`), so that the
//! second `up` takes seconds and a change to one remote leaves the bytes of all others alone.

pub(crate) mod host;
pub(crate) mod origin;
mod trunk;
pub(crate) mod weight;

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::Context;
use contract::Descriptor;
use serde::{Deserialize, Serialize};

use crate::{
    fingerprint,
    package::{self, Packaged},
    process,
    term::{self, Step},
    tools::BuildTools,
    workspace::{Bundled, SHELL, Workspace},
};

/// The JavaScript half of the remote kit. Part of the tool, because a remote of another workspace has
/// no copy of it.
pub(crate) const ENTRY: &str = include_str!("../../shared-ui/kit/entry.js");

/// What stands beside a bundle.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    fingerprint: String,
    /// When, RFC 3339.
    at: String,
    /// Its files by what they are for.
    packaged: Packaged,
}

/// What a build is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speed {
    /// Few bytes, however long it takes: what is published.
    Small,
    /// Soon there: what a developer looks at.
    Quick,
}

/// A remote as a developer's server hands it out: never published.
#[derive(Clone, Debug)]
pub(crate) struct DraftRemote {
    /// What `remote.json` says.
    pub(crate) descriptor: Descriptor,
    /// Its files by name, without `remote.json`.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

/// Builds browser bundles.
#[derive(Debug)]
pub(crate) struct Builder<'a> {
    workspace: &'a Workspace,
    tools: BuildTools,
    /// Two runs must not write into the same folders.
    _lock: File,
}

/// A remote that is ready to be published.
#[derive(Debug)]
pub(crate) struct BuiltRemote {
    /// The folder with `remote.json` and its files.
    pub(crate) dir: PathBuf,
    /// What is in `remote.json`.
    pub(crate) descriptor: Descriptor,
}

impl<'a> Builder<'a> {
    /// Makes sure that the tools are there.
    pub(crate) fn new(workspace: &'a Workspace) -> anyhow::Result<Self> {
        let tools = BuildTools::ensure(workspace)?;
        let lock = process::create(&home(workspace).join(".lock"))?;
        if lock.try_lock().is_err() {
            term::note("waiting for another build to end");
            lock.lock()?;
        }
        Ok(Self { workspace, tools, _lock: lock })
    }

    /// Builds a remote and describes it as `version`.
    pub(crate) fn remote(&self, remote: &Bundled, version: &str) -> anyhow::Result<BuiltRemote> {
        let record = self.bundle(remote)?;
        describe(self.workspace, remote, version, &record)
    }

    /// Builds a remote quickly, packaged as ever but for its size.
    pub(crate) fn draft(&self, remote: &Bundled) -> anyhow::Result<DraftRemote> {
        let Bundled { facts, version, .. } = remote;
        let step = Step::begin(format!("Building {}", facts.name));
        let dist = trunk::build(&step, self.workspace, &self.tools, remote, Speed::Quick)?;
        let as_it_is = |_: &str, text: &str| Ok(text.to_owned());
        let bundle = package::bundle(&facts.name, ENTRY, dist, &as_it_is)
            .with_context(|| format!("cannot package {}", facts.name))?;
        let built = origin::of(self.workspace, remote, &origin::now())?;
        let version = [version, "-dev"].concat();
        let descriptor = package::descriptor::describe(facts, &version, &bundle.packaged, built);
        step.done("");
        Ok(DraftRemote { descriptor, files: bundle.files })
    }

    /// Builds the host and returns the folder that gateways serve it from.
    pub(crate) fn shell(&self) -> anyhow::Result<PathBuf> {
        let shell = self.workspace.shell()?;
        self.bundle(&shell)?;
        Ok(bundle_dir(self.workspace, &shell.facts.name))
    }

    fn bundle(&self, bundled: &Bundled) -> anyhow::Result<Record> {
        let name = &bundled.facts.name;
        let fingerprint = fingerprint::of_bundle(self.workspace, &bundled.package)?;
        if let Some(record) = read(self.workspace, name, &fingerprint) {
            return Ok(record);
        }
        let step = Step::begin(format!("Building the bundle {name}"));
        let mut dist = trunk::build(&step, self.workspace, &self.tools, bundled, Speed::Small)?;
        step.detail("packaging");
        let dir = bundle_dir(self.workspace, name);
        let part = dir.with_added_extension("part");
        if part.exists() {
            std::fs::remove_dir_all(&part)?;
        }
        let is_shell = bundled.package == SHELL;
        if is_shell {
            let devtools = read_text(&bundled.dir.join("devtools.js"))?;
            dist.modules.insert("devtools".to_owned(), devtools);
        }
        let template: Cow<'_, str> = match is_shell {
            true => read_text(&bundled.dir.join("boot.js"))?.into(),
            false => ENTRY.into(),
        };
        let minify = |kind: &str, text: &str| trunk::minify(&self.tools, kind, text);
        let bundle = package::bundle(name, &template, dist, &minify)
            .with_context(|| format!("cannot package {name}"))?;
        for (file, bytes) in &bundle.files {
            process::write(&part.join(file), bytes)?;
        }
        if is_shell {
            let page = read_text(&bundled.dir.join("page.html"))?;
            for (file, bytes) in package::shell::site_files(&page, &bundle)? {
                process::write(&part.join(file), bytes)?;
            }
        }
        replace(&part, &dir)?;
        let record = Record { fingerprint, at: origin::now(), packaged: bundle.packaged };
        process::write(&record_file(self.workspace, name), serde_json::to_vec_pretty(&record)?)?;
        step.done("");
        Ok(record)
    }
}

/// Returns the bundle of a remote as it was last built, `None` when its sources changed since.
pub(crate) fn current(
    workspace: &Workspace,
    remote: &Bundled,
    version: &str,
) -> anyhow::Result<Option<BuiltRemote>> {
    let fingerprint = fingerprint::of_bundle(workspace, &remote.package)?;
    let record = read(workspace, &remote.facts.name, &fingerprint);
    record.map(|record| describe(workspace, remote, version, &record)).transpose()
}

/// Returns where the bundle of the host is, if it was ever built.
pub(crate) fn last_shell(workspace: &Workspace) -> Option<PathBuf> {
    Some(bundle_dir(workspace, SHELL)).filter(|dir| dir.is_dir())
}

/// Returns the bundle of a remote as it was last built, from whatever sources.
pub(crate) fn last(
    workspace: &Workspace,
    remote: &Bundled,
    version: &str,
) -> anyhow::Result<Option<BuiltRemote>> {
    let Ok(bytes) = std::fs::read(record_file(workspace, &remote.facts.name)) else {
        return Ok(None);
    };
    let Ok(record) = serde_json::from_slice(&bytes) else { return Ok(None) };
    describe(workspace, remote, version, &record).map(Some)
}

fn describe(
    workspace: &Workspace,
    remote: &Bundled,
    version: &str,
    record: &Record,
) -> anyhow::Result<BuiltRemote> {
    let dir = bundle_dir(workspace, &remote.facts.name);
    let built = origin::of(workspace, remote, &record.at)?;
    let descriptor = package::descriptor::describe(&remote.facts, version, &record.packaged, built);
    let json = serde_json::to_vec_pretty(&descriptor)?;
    process::write(&dir.join(registry::DESCRIPTOR), json)?;
    Ok(BuiltRemote { dir, descriptor })
}

fn read(workspace: &Workspace, name: &str, fingerprint: &str) -> Option<Record> {
    let bytes = std::fs::read(record_file(workspace, name)).ok()?;
    let record: Record = serde_json::from_slice(&bytes).ok()?;
    let dir = bundle_dir(workspace, name);
    let whole = record.packaged.files.keys().all(|file| dir.join(file).is_file());
    (record.fingerprint == fingerprint && whole).then_some(record)
}

/// Puts a finished folder in the place of the one before.
pub(crate) fn replace(part: &Path, dir: &Path) -> anyhow::Result<()> {
    if dir.exists() {
        std::fs::remove_dir_all(dir)?;
    }
    std::fs::rename(part, dir).with_context(|| format!("cannot write {}", dir.display()))
}

fn read_text(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn home(workspace: &Workspace) -> PathBuf {
    workspace.target.join("asterism")
}

fn bundle_dir(workspace: &Workspace, name: &str) -> PathBuf {
    home(workspace).join("bundles").join(name)
}

fn record_file(workspace: &Workspace, name: &str) -> PathBuf {
    home(workspace).join("bundles").join([name, ".json"].concat())
}
