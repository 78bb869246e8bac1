//! Making new remotes: names, templates, and where the files go.
//!
//! A template is a file of `deploy/templates` that is part of this program. Not here: any logic in
//! templates. What differs between two remotes is five words.

pub(crate) mod checkout;
mod naming;
mod slice;
pub(crate) mod workspace;

pub(crate) use naming::Naming;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};

use crate::failure::Failure;

/// A file to make: its path, and its text with marks.
pub(crate) type Template = (&'static str, &'static str);

/// Puts the words in place of the marks of paths and texts.
fn render(templates: &[Template], naming: &Naming) -> anyhow::Result<Vec<(PathBuf, String)>> {
    let words = naming.words();
    let fill = |text: &str| {
        let fill = |text: String, (mark, word): &(&str, String)| text.replace(mark, word);
        words.iter().fold(text.to_owned(), fill)
    };
    let files = templates.iter().map(|(path, text)| {
        let (path, text) = (fill(path), fill(text));
        ensure!(!text.contains("{{"), "the template of {path} has a mark that nothing fills in");
        Ok((PathBuf::from(path), text))
    });
    files.collect()
}

/// Writes files that are all new.
fn write(root: &Path, files: &[(PathBuf, String)]) -> anyhow::Result<()> {
    if let Some((path, _)) = files.iter().find(|(path, _)| root.join(path).exists()) {
        let what = format!("{} is there already", root.join(path).display());
        return Err(Failure::usage(what, "choose another name or another folder").into());
    }
    for (path, text) in files {
        let path = root.join(path);
        let mut file = crate::process::create(&path)?;
        file.write_all(text.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Formats packages: names of another length break lines elsewhere.
fn format(root: &Path, args: &[&str]) {
    let mut command = Command::new("cargo");
    command.arg("fmt").args(args).current_dir(root).stdin(Stdio::null()).stderr(Stdio::null());
    // Without rustfmt the code is as good, only not as even.
    command.status().ok();
}

/// Lets cargo read the workspace, which brings its lock file up to date.
fn lock(root: &Path) -> anyhow::Result<()> {
    let mut command = Command::new("cargo");
    command.args(["metadata", "--format-version", "1"]).current_dir(root);
    let output = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output();
    let output = output.context("cannot start cargo")?;
    if output.status.success() {
        return Ok(());
    }
    let why = String::from_utf8_lossy(&output.stderr);
    let what = format!("cargo cannot resolve {}:\n{}", root.display(), why.trim_end());
    Err(Failure::new(what, "the files stand; mend this and run `cargo metadata` there").into())
}

#[cfg(test)]
mod tests {
    use super::{Naming, render, slice, workspace};

    #[test]
    fn every_mark_is_filled_in_whatever_the_name() {
        for name in ["visits", "ward-risk"] {
            let naming = Naming::new(name, None, None, Some(40)).unwrap();
            for templates in [slice::FILES, workspace::FILES] {
                let files = render(templates, &naming).unwrap();
                assert!(files.iter().all(|(path, _)| !path.to_string_lossy().contains('{')));
                let manifests = files.iter().filter(|(path, _)| path.ends_with("Cargo.toml"));
                for (path, text) in manifests {
                    toml::from_str::<toml::Table>(text)
                        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                }
            }
        }
    }

    #[test]
    fn an_unknown_mark_is_an_error() {
        let naming = Naming::new("visits", None, None, None).unwrap();
        let error = render(&[("a.rs", "{{what}}")], &naming).unwrap_err();
        assert!(error.to_string().contains("a.rs"), "{error}");
    }
}
