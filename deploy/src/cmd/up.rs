//! `up`: the whole site on this machine.

use std::{path::Path, time::Instant};

use anyhow::Context;
use registry::Registry;

use crate::{
    build::{self, Builder, BuiltRemote, host, host::Profile},
    cli::Site,
    failure::Failure,
    process,
    releases::{self, Releases},
    signing,
    tools::{
        Cache,
        model::{self, Model},
    },
    up::{first, key, ports, processes, site, state::Claim},
    workspace::{Service, Workspace},
};

/// Build and run the whole site on this machine
///
/// Installs what is missing, builds what changed, publishes first versions, starts the services, the gateway
/// and the journal of events, and keeps them alive until Ctrl-C.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to serve it; 0 takes a free port
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Build the servers with optimisation
    #[arg(long)]
    release: bool,
    /// Take what was built last, changed or not
    #[arg(long)]
    no_build: bool,
}

pub(crate) async fn run(args: Args, site: Site) -> anyhow::Result<()> {
    let begun = Instant::now();
    let workspace = Workspace::find()?;
    let data = site.data_dir(Some(&workspace))?;
    let claim = Claim::new(&data)?;
    // First, because one of them may still hold the port.
    claim.wait_for_orphans().await;
    let socket = ports::listen(args.port)?;
    let port = socket.local_addr()?.port();
    let services = workspace.services()?;
    let profile = if args.release { Profile::Release } else { Profile::Dev };
    // Always the data's own: what `--registry` names is not this site's.
    let own = Site { registry: None, ..site };
    let model = prepare(&workspace, &services, profile, &own, !args.no_build).await?;
    let mut specs = processes::list(&workspace, &services, profile, &data, port, model.as_ref())?;
    if let Some(gateway) = specs.last_mut() {
        gateway.socket = Some(socket.into());
    }
    site::run(&claim, &specs, port, &data, begun).await
}

/// Builds a site, or takes what was built last, and puts what it needs into its data folder; returns the
/// model that its services embed with.
pub(crate) async fn prepare(
    workspace: &Workspace,
    services: &[Service],
    profile: Profile,
    site: &Site,
    build: bool,
) -> anyhow::Result<Option<Model>> {
    let data = site.data_dir(Some(workspace))?;
    let (remotes, shell) = if build {
        let builder = Builder::new(workspace)?;
        host::build(workspace, services, profile)?;
        build_all(workspace, &builder)?
    } else {
        built_before(workspace)?
    };
    let registry = data.join("registry").to_string_lossy().into_owned();
    let key = signing::ensure(&data, &registry).await?;
    let registry = Registry::open(&registry)?;
    key::ensure(&data, &registry).await?;
    // The trust root of this site's pages, set with each deployment of the shell.
    let trust = serde_json::to_vec_pretty(&registry.trusted_keys().await?)?;
    copy(&shell, &data.join("shell"), &[("trust.json", trust)])?;
    let releases = releases::open(Some(workspace), site)?;
    first::release(&*releases as &dyn Releases, &remotes, &key).await?;
    Ok(model::ensure_if_possible(&Cache::find()?))
}

fn build_all(
    workspace: &Workspace,
    builder: &Builder<'_>,
) -> anyhow::Result<(Vec<BuiltRemote>, std::path::PathBuf)> {
    let shell = builder.shell()?;
    let remotes = workspace.remotes()?;
    let remotes: anyhow::Result<_> =
        remotes.iter().map(|remote| builder.remote(remote, &remote.version)).collect();
    Ok((remotes?, shell))
}

fn built_before(workspace: &Workspace) -> anyhow::Result<(Vec<BuiltRemote>, std::path::PathBuf)> {
    let missing = || Failure::new("nothing was built yet", "leave out --no-build");
    let shell = build::last_shell(workspace).ok_or_else(missing)?;
    let mut built = Vec::new();
    for remote in workspace.remotes()? {
        let last = build::last(workspace, &remote, &remote.version)?;
        built.push(last.ok_or_else(missing)?);
    }
    Ok((built, shell))
}

/// Copies the files of a folder and adds some, so that a reader sees all of the old ones or all of the new.
fn copy(from: &Path, to: &Path, more: &[(&str, Vec<u8>)]) -> anyhow::Result<()> {
    let part = to.with_added_extension("part");
    if part.exists() {
        std::fs::remove_dir_all(&part)?;
    }
    for entry in std::fs::read_dir(from).with_context(|| format!("no {}", from.display()))? {
        let file = entry?.path();
        process::write(&part.join(file.file_name().unwrap_or_default()), std::fs::read(&file)?)?;
    }
    for (file, bytes) in more {
        process::write(&part.join(file), bytes)?;
    }
    build::replace(&part, to)
}
