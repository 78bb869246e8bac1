//! What bundles weigh over the wire, and what they may.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context;
use registry::precompress;
use serde::Serialize;

use super::Builder;
use crate::workspace::{SHELL, Workspace};

/// Brotli, WASM and glue together, for a bundle whose package names no budget.
const BUDGET: usize = 110 * 1000;

/// Lengths in bytes.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Sizes {
    pub(crate) raw: usize,
    pub(crate) gzip: usize,
    pub(crate) brotli: usize,
}

/// One bundle's.
#[derive(Debug)]
pub(crate) struct Weight {
    /// The remote's name, or the shell's.
    pub(crate) name: String,
    /// Scripts, WASM and stylesheets.
    pub(crate) files: BTreeMap<String, Sizes>,
    /// What its code may be, brotli.
    pub(crate) budget: usize,
}

impl Weight {
    /// Returns what all but the stylesheets weighs.
    pub(crate) fn code(&self) -> Sizes {
        let code = self.files.iter().filter(|(file, _)| !file.ends_with(".css"));
        code.fold(Sizes::default(), |sum, (_, sizes)| sum.plus(*sizes))
    }

    /// Tells whether the budget is kept.
    pub(crate) fn is_within(&self) -> bool {
        self.code().brotli <= self.budget
    }
}

/// Builds what is not up to date, and weighs the shell and every remote.
///
/// # Errors
///
/// Something cannot be built or read.
pub(crate) fn weigh(workspace: &Workspace) -> anyhow::Result<Vec<Weight>> {
    let builder = Builder::new(workspace)?;
    let shell = files(&builder.shell()?)?;
    let mut weights = vec![Weight { name: SHELL.to_owned(), files: shell, budget: BUDGET }];
    for remote in workspace.remotes()? {
        let files = files(&builder.remote(&remote, &remote.version)?.dir)?;
        let budget = remote.facts.budget.unwrap_or(BUDGET);
        weights.push(Weight { name: remote.facts.name, files, budget });
    }
    Ok(weights)
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

fn files(dir: &Path) -> anyhow::Result<BTreeMap<String, Sizes>> {
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

#[cfg(test)]
mod tests {
    use super::{Sizes, Weight};

    #[test]
    fn stylesheets_are_no_code_and_a_budget_is_kept_to_the_byte() {
        let sizes = |brotli| Sizes { raw: 4 * brotli, gzip: 2 * brotli, brotli };
        let files = [("a.wasm", sizes(70)), ("a.js", sizes(30)), ("a.css", sizes(50))];
        let files = files.map(|(name, sizes)| (name.to_owned(), sizes)).into();
        let mut weight = Weight { name: "a".to_owned(), files, budget: 100 };
        assert_eq!(weight.code().brotli, 100);
        assert!(weight.is_within());
        weight.budget = 99;
        assert!(!weight.is_within());
    }
}
