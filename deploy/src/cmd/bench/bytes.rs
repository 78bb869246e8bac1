//! What goes over the wire.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context;
use registry::precompress;
use serde::Serialize;

use crate::{build::Builder, term, workspace::Workspace};

/// Brotli, WASM and glue together, for a bundle whose package names no budget.
const BUDGET: usize = 110 * 1000;

#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Sizes {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

pub(super) fn run(workspace: &Workspace, json: bool) -> anyhow::Result<()> {
    let builder = Builder::new(workspace)?;
    let mut bundles = BTreeMap::new();
    let mut budgets = BTreeMap::new();
    bundles.insert("shell".to_owned(), sizes(&builder.shell()?)?);
    for remote in workspace.remotes()? {
        let dir = builder.remote(&remote, &remote.version)?.dir;
        budgets.extend(remote.facts.budget.map(|budget| (remote.facts.name.clone(), budget)));
        bundles.insert(remote.facts.name, sizes(&dir)?);
    }
    if json {
        return term::json(&bundles);
    }
    term::say(&format!("{:<44} {:>9} {:>9} {:>9}", "", "raw", "gzip", "brotli"));
    for (name, files) in &bundles {
        let mut code = Sizes::default();
        for (file, sizes) in files {
            row(file, *sizes);
            if !file.ends_with(".css") {
                code = code.plus(*sizes);
            }
        }
        row(&format!("{name}: code"), code);
        let budget = budgets.get(name).copied().unwrap_or(BUDGET);
        let verdict = if code.brotli <= budget { "within" } else { "OVER" };
        term::say(&format!("  {verdict} the budget of {budget} bytes\n"));
    }
    Ok(())
}

fn row(name: &str, Sizes { raw, gzip, brotli }: Sizes) {
    term::say(&format!("  {name:<42} {raw:>9} {gzip:>9} {brotli:>9}"));
}

impl Sizes {
    fn of(bytes: &[u8]) -> Self {
        let raw = bytes.len();
        let length = |form: Option<Vec<u8>>| form.map_or(raw, |form| form.len());
        Self {
            raw,
            gzip: length(precompress::gzip(bytes)),
            brotli: length(precompress::brotli(bytes)),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

/// Returns the sizes of the scripts, WASM and stylesheets in a bundle's folder.
fn sizes(dir: &Path) -> anyhow::Result<BTreeMap<String, Sizes>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(dir).with_context(|| format!("no {}", dir.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if [".js", ".wasm", ".css"].iter().any(|end| name.ends_with(end)) {
            found.insert(name, Sizes::of(&std::fs::read(&path)?));
        }
    }
    Ok(found)
}
