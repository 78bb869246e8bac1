//! `describe`: writes `remote.json` for a folder that something else built.
//!
//! Not here: checking the module itself. Whether it has the lifecycle shows when it is mounted.

use std::path::{Path, PathBuf};

use anyhow::Context;
use contract::{
    Built, Descriptor, HOST_CONTRACT, Kind, Nav, RouteSpec, SCHEMA, misfit, valid_name,
};

use crate::{build::origin, failure::Failure, package::prebuilt, process, releases, term};

/// Describe a bundle that was built with anything, so that it can be published
///
/// Writes remote.json with the size and the integrity of every file in the folder. The entry is an ES
/// module that exports single-spa's lifecycle: bootstrap, mount, unmount.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder that was built, and nothing but what browsers need
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The remote's name: lower-case letters, digits and dashes
    #[arg(long)]
    name: String,
    /// Its version, semver; never used again once it is published
    #[arg(long)]
    version: String,
    /// The ES module, relative to the folder
    #[arg(long, value_name = "FILE")]
    entry: String,
    /// A stylesheet for the remote's shadow root, relative to the folder; may be given again
    #[arg(long, value_name = "FILE")]
    style: Vec<String>,
    /// A file that the entry fetches at once, relative to the folder; may be given again
    #[arg(long, value_name = "FILE")]
    preload: Vec<String>,
    /// A path that it answers and the page's title, `/reports/*=Reports`; may be given again
    #[arg(long, value_name = "PATH=TITLE", value_parser = pair)]
    route: Vec<(String, String)>,
    /// Its link in the navigation, to the first route, and where it stands there, `Reports=20`
    #[arg(long, value_name = "LABEL=ORDER", value_parser = nav, requires = "route")]
    nav: Option<Nav>,
    /// A domain below /api that it may call; may be given again
    #[arg(long, value_name = "DOMAIN")]
    api: Vec<String>,
    /// The host contract that it needs
    #[arg(long, value_name = "RANGE", default_value = "^1.0")]
    contract: String,
    /// What built it, for people
    #[arg(long, value_name = "TEXT", default_value = "")]
    toolchain: String,
    /// Print the descriptor as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: Args) -> anyhow::Result<()> {
    let (json, dir) = (args.json, args.from.clone());
    let descriptor = describe(args)?;
    let bytes = serde_json::to_vec_pretty(&descriptor)?;
    process::write(&dir.join(registry::DESCRIPTOR), bytes)?;
    // A signature of the descriptor before is none of this one.
    match std::fs::remove_file(dir.join(registry::SIGNATURE)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    if json {
        return term::json(&descriptor);
    }
    let Descriptor { name, version, files, .. } = descriptor;
    let (files, dir) = (term::count(files.len(), "file"), dir.display());
    term::say(&format!(
        "{name} {version} has {files}; `cargo asterism publish --from {dir}` publishes it"
    ));
    Ok(())
}

fn describe(args: Args) -> anyhow::Result<Descriptor> {
    let Args { from, name, version, entry, style, preload, route, nav, api, contract, .. } = args;
    releases::check_version(&version)?;
    if !valid_name(&name) {
        let what = format!("`{name}` is no name for a remote");
        let advice = "use 1–40 of a–z, 0–9 and inner dashes, starting with a letter";
        return Err(Failure::usage(what, advice).into());
    }
    if let Some(misfit) = misfit(&contract, HOST_CONTRACT) {
        let what = format!("contract `{contract}` does not fit this host's {HOST_CONTRACT}");
        return Err(Failure::usage(what, misfit.advice()).into());
    }
    let files = prebuilt::files(&from).with_context(|| {
        Failure::usage(format!("cannot read {}", from.display()), "name a folder")
    })?;
    for file in [&entry].into_iter().chain(&style).chain(&preload) {
        if !files.contains_key(file) {
            let what = format!("{} has no file `{file}`", from.display());
            return Err(Failure::usage(what, "give paths as they are below the folder").into());
        }
    }
    let mut nav = nav;
    let routes = route.into_iter().map(|(path, title)| RouteSpec { path, title, nav: nav.take() });
    Ok(Descriptor {
        schema: SCHEMA,
        name,
        version,
        contract,
        entry,
        styles: style,
        preload,
        files,
        routes: routes.collect(),
        apis: api,
        kind: Kind::Module,
        built: Built { commit: commit(&from), at: origin::now(), toolchain: args.toolchain },
    })
}

/// Returns the commit that the folder's checkout is at, empty when it is in none or was changed since.
fn commit(dir: &Path) -> String {
    let clean = process::output("git", &["status", "--porcelain"], dir);
    let commit = process::output("git", &["rev-parse", "HEAD"], dir);
    commit.filter(|_| clean.is_some_and(|changes| changes.is_empty())).unwrap_or_default()
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((path, title)) if path.starts_with('/') && !title.is_empty() => {
            Ok((path.to_owned(), title.to_owned()))
        }
        _ => Err("write a path and a title, such as `/reports/*=Reports`".to_owned()),
    }
}

fn nav(text: &str) -> Result<Nav, String> {
    let split = text.rsplit_once('=').filter(|(label, _)| !label.is_empty());
    let nav = split.and_then(|(label, order)| {
        Some(Nav { label: label.to_owned(), order: order.parse().ok()? })
    });
    nav.ok_or_else(|| "write a label and a whole number, such as `Reports=20`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{nav, pair};

    #[test]
    fn routes_and_links_are_read_or_refused() {
        assert_eq!(pair("/x/*=Title = two").unwrap(), ("/x/*".into(), "Title = two".into()));
        for bad in ["/x", "x=Title", "/x=", ""] {
            assert!(pair(bad).is_err(), "{bad}");
        }
        let found = nav("A=B=-5").unwrap();
        assert_eq!((&*found.label, found.order), ("A=B", -5));
        for bad in ["A", "A=", "=5", "A=1.5"] {
            assert!(nav(bad).is_err(), "{bad}");
        }
    }
}
