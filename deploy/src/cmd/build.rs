//! `build`: makes the bundle of one remote, or of the host, or the gateway that production runs.

mod gateway;

use serde_json::json;

use crate::{
    build::Builder,
    cmd::remote_here,
    releases, term,
    workspace::{GATEWAY, SHELL, Workspace},
};

/// Build one remote, `shell`, or `api-gateway`
///
/// The gateway is built as fast as it can be: optimised by what it was seen doing under load, which takes two builds
/// (half an hour on two cores). `cargo build --release` makes a slower one sooner.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The remote's name, `shell` or `api-gateway`
    name: String,
    /// The version to describe it as [default: the one in Cargo.toml]
    #[arg(long)]
    version: Option<String>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let Args { name, version, json } = args;
    let workspace = Workspace::find()?;
    let made = match &**name {
        SHELL => Some(("dir", Builder::new(&workspace)?.shell()?)),
        GATEWAY => Some(("program", gateway::train(&workspace).await?)),
        _ => None,
    };
    if let Some((what, path)) = made {
        if *json {
            return term::json(&json!({"name": name, what: path}));
        }
        term::say(&path.display().to_string());
        return Ok(());
    }
    let remote = remote_here(&workspace, name)?;
    let version = version.as_ref().unwrap_or(&remote.version);
    releases::check_version(version)?;
    let built = Builder::new(&workspace)?.remote(&remote, version)?;
    if *json {
        return term::json(&json!({"dir": built.dir, "descriptor": built.descriptor}));
    }
    term::say(&format!("{name} {version}: {}", built.dir.display()));
    Ok(())
}
