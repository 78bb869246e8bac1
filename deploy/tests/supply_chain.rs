//! `deny.toml`, enforced without cargo-deny for what cargo's own metadata can tell: licences and origins.
//! Advisories need cargo-deny and its database: `cargo deny check`.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

use std::fs;

use cargo_metadata::{Metadata, MetadataCommand};
use serde::Deserialize;
use spdx::{Expression, LicenseReq, ParseMode};

#[derive(Deserialize)]
struct Deny {
    graph: Graph,
    licenses: Licences,
    sources: Sources,
}

#[derive(Deserialize)]
struct Graph {
    targets: Vec<String>,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    unknown_registry: String,
    unknown_git: String,
}

fn read() -> (Metadata, Deny) {
    let root = MetadataCommand::new().no_deps().exec().unwrap().workspace_root;
    let deny: Deny = toml::from_str(&fs::read_to_string(root.join("deny.toml")).unwrap()).unwrap();
    // What only other systems use is not even downloaded.
    let filter = deny.graph.targets.iter().flat_map(|target| ["--filter-platform", target]);
    let filter: Vec<String> = filter.map(str::to_owned).collect();
    (MetadataCommand::new().other_options(filter).exec().unwrap(), deny)
}

fn may(allow: &[String], licence: &LicenseReq) -> bool {
    allow.iter().any(|allowed| *allowed == licence.to_string())
}

#[test]
fn every_dependency_has_an_allowed_licence() {
    let (metadata, Deny { licenses: Licences { allow }, .. }) = read();
    assert!(metadata.packages.len() > 100, "dependencies were not read");
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        let text = package.license.as_deref().unwrap_or_default();
        // Some old crates write `MIT/Apache-2.0`.
        let fits = Expression::parse_mode(text, ParseMode::LAX)
            .is_ok_and(|licence| licence.evaluate(|requirement| may(&allow, requirement)));
        if !fits {
            wrong.push(format!("{} {}: `{text}`", package.name, package.version));
        }
    }
    assert!(wrong.is_empty(), "not in deny.toml: {wrong:#?}");
}

#[test]
fn every_dependency_comes_from_crates_io() {
    let (metadata, Deny { sources, .. }) = read();
    assert_eq!((sources.unknown_registry, sources.unknown_git), ("deny".into(), "deny".into()));
    let foreign = metadata
        .packages
        .iter()
        .filter(|package| package.source.as_ref().is_some_and(|source| !source.is_crates_io()));
    let foreign: Vec<_> = foreign.map(|package| &package.id.repr).collect();
    assert!(foreign.is_empty(), "{foreign:#?}");
}
