//! `build`: makes the bundle of one remote, or of the host.

use crate::{
    build::Builder,
    cmd::remote_here,
    releases, term,
    workspace::{SHELL, Workspace},
};

/// Build one remote, or `shell`
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The remote's name
    name: String,
    /// The version to describe it as [default: the one in Cargo.toml]
    #[arg(long)]
    version: Option<String>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let Args { name, version, json } = args;
    let workspace = Workspace::find()?;
    if name == SHELL {
        let dir = Builder::new(&workspace)?.shell()?;
        return match json {
            true => term::json(&serde_json::json!({"name": name, "dir": dir})),
            false => {
                term::say(&dir.display().to_string());
                Ok(())
            }
        };
    }
    let remote = remote_here(&workspace, name)?;
    let version = version.as_ref().unwrap_or(&remote.version);
    releases::check_version(version)?;
    let built = Builder::new(&workspace)?.remote(&remote, version)?;
    if *json {
        return term::json(&serde_json::json!({"dir": built.dir, "descriptor": built.descriptor}));
    }
    term::say(&format!("{name} {version}: {}", built.dir.display()));
    Ok(())
}
