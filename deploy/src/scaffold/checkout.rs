//! A new slice of this checkout: its files, and the lines of others that name every slice.

use std::{fs, path::Path};

use anyhow::Context;
use contract::match_route;

use super::{Naming, format, lock, render, slice, write};
use crate::{failure::Failure, process, term::Step, workspace::Workspace};

const PARTS: [&str; 3] = ["api", "service", "ui"];

/// Makes the slice.
pub(crate) fn make(workspace: &Workspace, naming: &Naming) -> anyhow::Result<()> {
    let root = &workspace.root;
    refuse_taken(workspace, naming)?;
    let manifest = with_slice(&read(&root.join("Cargo.toml"))?, &naming.name)?;
    let page = root.join("ARCHITECTURE.md");
    let architecture = read(&page).map(|text| with_crates(&text, &naming.name)).ok();
    write(root, &render(slice::FILES, naming)?)?;
    process::write(&root.join("Cargo.toml"), manifest)?;
    if let Some(text) = architecture {
        process::write(&page, text)?;
    }
    let step = Step::begin("Adding it to Cargo.lock");
    lock(root)?;
    let packages = PARTS.map(|part| format!("mfe-{}-{part}", naming.name));
    let args: Vec<&str> = packages.iter().flat_map(|package| ["-p", package]).collect();
    format(root, &args);
    step.done("");
    Ok(())
}

/// Returns where in the navigation a new remote comes last.
pub(crate) fn last(workspace: &Workspace) -> anyhow::Result<u32> {
    let remotes = workspace.remotes()?;
    let routes = remotes.iter().flat_map(|remote| &remote.facts.routes);
    let highest = routes.filter_map(|route| route.nav.as_ref().map(|nav| nav.order)).max();
    Ok(u32::try_from(highest.unwrap_or_default()).unwrap_or_default().saturating_add(10))
}

fn refuse_taken(workspace: &Workspace, naming: &Naming) -> anyhow::Result<()> {
    let Naming { name, route, .. } = naming;
    let services = workspace.services()?;
    let remotes = workspace.remotes()?;
    if remotes.iter().any(|remote| remote.facts.name == *name)
        || services.iter().any(|service| service.domain == *name)
    {
        let what = format!("there is a remote or a domain `{name}` already");
        return Err(Failure::usage(what, "choose another name").into());
    }
    let pattern = [route, "/*"].concat();
    for remote in &remotes {
        let taken = remote.facts.routes.iter().find(|taken| {
            match_route(&taken.path, route).is_some()
                || match_route(&pattern, &taken.path).is_some()
        });
        if let Some(taken) = taken {
            let what = format!("{} answers `{}` already", remote.facts.name, taken.path);
            return Err(Failure::usage(what, "choose another path: --route").into());
        }
    }
    Ok(())
}

/// Adds the members and the wire types to the workspace's `Cargo.toml`.
fn with_slice(manifest: &str, name: &str) -> anyhow::Result<String> {
    let members: String =
        PARTS.iter().map(|part| format!("    \"mfe-{name}/{part}\",\n")).collect();
    let api = format!("mfe-{name}-api = {{ path = \"mfe-{name}/api\" }}\n");
    let with_members = after_last(manifest, |line| line.starts_with("    \"mfe-"), &members);
    let is_api = |line: &str| line.starts_with("mfe-") && line.contains("-api = {");
    with_members.and_then(|text| after_last(&text, is_api, &api)).with_context(|| {
        Failure::new("the root Cargo.toml lists no slice to stand beside", "is this the site?")
    })
}

/// Adds the crates to the table of ARCHITECTURE.md, whose rows name all slices.
fn with_crates(page: &str, name: &str) -> String {
    let mut text = String::with_capacity(page.len() + 100);
    for line in page.lines() {
        let cell = line.strip_prefix("| `mfe-").and_then(|rest| rest.split_once(" |"));
        let part = cell
            .and_then(|(cell, _)| PARTS.iter().find(|part| cell.ends_with(&format!("-{part}`"))));
        match part {
            Some(part) => text.push_str(&line.replacen(
                &format!("-{part}` |"),
                &format!("-{part}`, `mfe-{name}-{part}` |"),
                1,
            )),
            None => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

fn after_last(text: &str, is_it: impl Fn(&str) -> bool, new: &str) -> Option<String> {
    let mut end = 0;
    let mut at = None;
    for line in text.split_inclusive('\n') {
        end += line.len();
        if is_it(line) {
            at = Some(end);
        }
    }
    let (before, after) = text.split_at(at?);
    Some([before, new, after].concat())
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::{with_crates, with_slice};

    #[test]
    fn members_and_wire_types_stand_after_the_other_slices() {
        let manifest = "members = [\n    \"mfe-a/ui\",\n    \"deploy\",\n]\n\nmfe-a-api = { path = \"mfe-a/api\" }\n\nx = 1\n";
        let made = with_slice(manifest, "visits").unwrap();
        let expected = "members = [\n    \"mfe-a/ui\",\n    \"mfe-visits/api\",\n    \"mfe-visits/service\",\n    \"mfe-visits/ui\",\n    \"deploy\",\n]\n\nmfe-a-api = { path = \"mfe-a/api\" }\nmfe-visits-api = { path = \"mfe-visits/api\" }\n\nx = 1\n";
        assert_eq!(made, expected);
        assert!(with_slice("members = []\n", "visits").is_err());
    }

    #[test]
    fn the_architecture_page_names_the_new_crates() {
        let page =
            "| crate | q |\n| `mfe-a-api`, `mfe-b-api` | What? | c |\n| `shell` | How? | c |\n";
        let expected = "| crate | q |\n| `mfe-a-api`, `mfe-b-api`, `mfe-visits-api` | What? | c |\n| `shell` | How? | c |\n";
        assert_eq!(with_crates(page, "visits"), expected);
    }
}
