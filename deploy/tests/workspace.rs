//! What holds for the whole workspace and no compiler checks: who may depend on whom, and how files are
//! cut. ARCHITECTURE.md explains the rules; this refuses what breaks them.
#![expect(clippy::unwrap_used, reason = "a broken fixture must fail the test")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::{Metadata, MetadataCommand, Package};

/// Beyond this a file has two thoughts.
const LONGEST: usize = 400;

fn metadata() -> Metadata {
    MetadataCommand::new().no_deps().exec().unwrap()
}

fn dir(package: &Package) -> PathBuf {
    package.manifest_path.parent().unwrap().into()
}

/// Returns the workspace packages that a package may depend on, `None` when its place is not known.
fn allowed(package: &str) -> Option<BTreeSet<String>> {
    let slice = |part| package.strip_suffix(part).filter(|name| name.starts_with("mfe-"));
    let own_api = |slice: &str| format!("{slice}-api");
    let names: Vec<String> = if slice("-api").is_some() {
        vec!["contract".into()]
    } else if let Some(slice) = slice("-service") {
        vec![own_api(slice), "service-kit".into(), "contract".into()]
    } else if let Some(slice) = slice("-ui") {
        vec![own_api(slice), "shared-ui".into(), "contract".into()]
    } else {
        let names: &[&str] = match package {
            "contract" | "audit" | "accounts" => &[],
            "shared-ui" | "service-kit" | "registry" => &["contract"],
            "journal" => &["service-kit"],
            "shell" => &["contract", "shared-ui"],
            "api-gateway" => &["contract", "service-kit", "registry", "audit", "accounts"],
            // The one domain that the tool knows: `asterism stories` judges as the service does.
            "deploy" => &[
                "contract",
                "service-kit",
                "registry",
                "audit",
                "accounts",
                "journal",
                "mfe-stories-api",
            ],
            _ => return None,
        };
        names.iter().map(|name| (*name).to_owned()).collect()
    };
    Some(names.into_iter().collect())
}

#[test]
fn dependencies_point_one_way() {
    let metadata = metadata();
    let packages = metadata.workspace_packages();
    assert!(packages.len() > 10, "the workspace was not read");
    let mut wrong = Vec::new();
    for package in packages {
        let Some(allowed) = allowed(&package.name) else {
            wrong.push(format!("{}: say in this test what it may depend on", package.name));
            continue;
        };
        // Of every kind: a test that reaches across is the first step to code that does.
        let ours = package.dependencies.iter().filter(|dependency| dependency.path.is_some());
        let forbidden = ours.filter(|dependency| !allowed.contains(&dependency.name));
        wrong.extend(forbidden.map(|dependency| format!("{} → {}", package.name, dependency.name)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_rule_itself_keeps_slices_and_host_apart() {
    for (package, dependency, may) in [
        ("mfe-search-ui", "mfe-search-api", true),
        ("mfe-search-ui", "mfe-stories-api", false),
        ("mfe-search-ui", "mfe-search-service", false),
        ("mfe-search-service", "mfe-stories-service", false),
        ("mfe-search-service", "shared-ui", false),
        ("mfe-search-api", "service-kit", false),
        ("mfe-ask-ui", "shell", false),
        ("shell", "mfe-search-ui", false),
        ("api-gateway", "registry", true),
        ("api-gateway", "mfe-stories-api", false),
        ("deploy", "mfe-stories-api", true),
        ("deploy", "mfe-stories-service", false),
        ("deploy", "mfe-search-api", false),
        ("contract", "shared-ui", false),
    ] {
        let allowed = allowed(package).unwrap();
        assert_eq!(allowed.contains(dependency), may, "{package} → {dependency}");
    }
    assert_eq!(allowed("mfe-search-extra"), None);
}

#[test]
fn every_crate_keeps_the_workspaces_lints() {
    for package in metadata().workspace_packages() {
        let manifest: toml::Table =
            toml::from_str(&fs::read_to_string(&package.manifest_path).unwrap()).unwrap();
        let inherits = manifest.get("lints").and_then(|lints| lints.get("workspace"));
        assert_eq!(inherits, Some(&toml::Value::Boolean(true)), "{}", package.name);
    }
}

#[test]
fn the_architecture_page_knows_every_crate() {
    let metadata = metadata();
    let page = metadata.workspace_root.join("ARCHITECTURE.md");
    let page =
        fs::read_to_string(&page).expect("ARCHITECTURE.md is what a new engineer reads first");
    let packages = metadata.workspace_packages();
    let missing: BTreeSet<_> = packages
        .iter()
        // The slices have one shape, told once: the slice's name stands for its three crates.
        .map(|package| match package.name.rsplit_once('-') {
            Some((slice, "api" | "service" | "ui")) if slice.starts_with("mfe-") => slice,
            _ => package.name.as_str(),
        })
        .filter(|name| !page.contains(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn files_are_short_and_modules_are_named_after_what_they_hold() {
    let mut checked = 0;
    let mut wrong = Vec::new();
    for package in metadata().workspace_packages() {
        for file in sources(&dir(package).join("src")) {
            checked += 1;
            if file.ends_with("mod.rs") {
                wrong.push(format!("{}: name it after its module", file.display()));
            }
            let lines = code_lines(&fs::read_to_string(&file).unwrap());
            if lines > LONGEST {
                wrong.push(format!("{}: {lines} lines without tests", file.display()));
            }
        }
    }
    assert!(checked > 50, "only {checked} files were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Returns how many lines stand before the tests, which are last in a file.
fn code_lines(text: &str) -> usize {
    text.lines().take_while(|line| *line != "#[cfg(test)]").count()
}

fn sources(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .collect()
}
