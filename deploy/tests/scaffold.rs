//! What `asterism new` makes, as cargo and a caller see it. Compiling it takes minutes and is not here:
//! the browser tests build one out of tree.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use cargo_metadata::{Metadata, MetadataCommand};

/// What a copy of the checkout needs none of.
const LEFT: [&str; 4] = ["target", "node_modules", ".git", ".asterism"];

fn checkout() -> PathBuf {
    MetadataCommand::new().no_deps().exec().unwrap().workspace_root.into()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if LEFT.iter().any(|left| *left == entry.file_name()) {
            continue;
        }
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn new(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asterism"));
    command.arg("new").args(args).current_dir(dir).output().unwrap()
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

fn metadata(dir: &Path) -> Metadata {
    MetadataCommand::new().current_dir(dir).no_deps().exec().unwrap()
}

#[test]
fn a_slice_is_a_member_and_described_and_cannot_be_made_twice() {
    let dir = tempfile::tempdir().unwrap();
    copy(&checkout(), dir.path());
    let output = new(dir.path(), &["ward-risk", "--title", "Ward risk", "--route", "/wards"]);
    assert!(output.status.success(), "{}", said(&output));

    let metadata = metadata(dir.path());
    for part in ["api", "service", "ui"] {
        let name = format!("mfe-ward-risk-{part}");
        assert!(metadata.workspace_packages().iter().any(|p| p.name == name), "{name}");
    }
    let packages = metadata.workspace_packages();
    let ui = packages.iter().find(|package| package.name == "mfe-ward-risk-ui").unwrap();
    let facts = &ui.metadata["asterism"];
    assert_eq!(facts["name"], "ward-risk");
    assert_eq!(facts["routes"][0]["path"], "/wards/*");
    assert_eq!(facts["routes"][0]["nav"]["label"], "Ward risk");
    let page = fs::read_to_string(dir.path().join("ARCHITECTURE.md")).unwrap();
    assert!(page.contains("`mfe-ward-risk-api`"), "{page}");

    for (args, why) in [
        (&["ward-risk", "--route", "/other"][..], "already"),
        (&["other", "--route", "/wards/deep"], "answers `/wards/*` already"),
        (&["Other"], "no name for a remote"),
    ] {
        let output = new(dir.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(said(&output).contains(why), "{args:?}: {}", said(&output));
    }
    assert!(!dir.path().join("mfe-other").exists());
}

#[test]
fn a_workspace_of_its_own_shares_nothing_with_the_checkout() {
    let outside = tempfile::tempdir().unwrap();
    let dir = outside.path().join("visits");
    let output = new(outside.path(), &["visits", "--out-of-tree", dir.to_str().unwrap()]);
    assert!(output.status.success(), "{}", said(&output));

    let metadata = metadata(&dir);
    assert_eq!(metadata.workspace_root.as_std_path(), dir.canonicalize().unwrap());
    let foreign = metadata.workspace_packages().into_iter().flat_map(|p| p.dependencies.clone());
    let paths = foreign.filter_map(|dependency| dependency.path);
    for path in paths {
        assert!(path.starts_with(&metadata.workspace_root), "{path}");
    }
    let locked = |dir: &Path| {
        let lock: toml::Table =
            toml::from_str(&fs::read_to_string(dir.join("Cargo.lock")).unwrap()).unwrap();
        let packages = lock["package"].as_array().unwrap().clone();
        packages.into_iter().find(|p| p["name"].as_str() == Some("yew")).unwrap()["version"].clone()
    };
    assert_ne!(locked(&dir), locked(&checkout()));

    let again = new(outside.path(), &["visits", "--out-of-tree", dir.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(2), "{}", said(&again));
}
