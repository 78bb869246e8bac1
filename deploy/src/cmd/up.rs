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
    up::{GATEWAY_DATA, JOURNAL_DATA, child::Spec, first, key, ports, site, state::Claim},
    workspace::{GATEWAY, JOURNAL_BIN, Service, Workspace},
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
    let port = ports::choose(args.port)?;
    let services = workspace.services()?;
    let profile = if args.release { Profile::Release } else { Profile::Dev };
    let (remotes, shell) = if args.no_build {
        built_before(&workspace)?
    } else {
        let builder = Builder::new(&workspace)?;
        host::build(&workspace, &services, profile)?;
        build_all(&workspace, &builder)?
    };
    let registry = data.join("registry").to_string_lossy().into_owned();
    let key = signing::ensure(&data, &registry).await?;
    let registry = Registry::open(&registry)?;
    key::ensure(&data, &registry).await?;
    // The trust root of this site's pages, set with each deployment of the shell.
    let trust = serde_json::to_vec_pretty(&registry.trusted_keys().await?)?;
    copy(&shell, &data.join("shell"), &[("trust.json", trust)])?;
    let model = model::ensure_if_possible(&Cache::find()?);
    // Always the data's own: what `--registry` names is not this site's.
    let own = Site { registry: None, ..site };
    let releases = releases::open(Some(&workspace), &own)?;
    first::release(&*releases as &dyn Releases, &remotes, &key).await?;
    let specs = processes(&workspace, &services, profile, &data, port, model.as_ref())?;
    site::run(&claim, &specs, port, &data, begun).await
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

/// The services, each knowing the others' addresses, the gateway, and the journal, which reads from all.
fn processes(
    workspace: &Workspace,
    services: &[Service],
    profile: Profile,
    data: &Path,
    port: u16,
    model: Option<&Model>,
) -> anyhow::Result<Vec<Spec>> {
    let mut ports = ports::free(services.len() + 1)?;
    let journal_port = ports.pop().context("no free port")?;
    let addresses: Vec<(&str, String)> = services
        .iter()
        .zip(&ports)
        .map(|(service, port)| (service.domain.as_str(), format!("http://127.0.0.1:{port}")))
        .collect();
    let path = |path: &str| data.join(path).to_string_lossy().into_owned();
    let spec = |name: &str, bin: &str, port: u16, mut env: Vec<(String, String)>| {
        env.push(("ASTERISM_LISTEN".to_owned(), format!("127.0.0.1:{port}")));
        let log = data.join("logs").join(name).with_extension("log");
        let program = host::program(workspace, profile, bin);
        Spec { name: name.to_owned(), program, env, log, port }
    };
    // By it the services believe what the gateway says about who signed in.
    let edge = match std::env::var("ASTERISM_EDGE_KEY") {
        Ok(key) => key,
        Err(_) => key::role(data, "edge")?,
    };
    let roles = [
        ("ASTERISM_EDITOR_KEY", key::role(data, "editor")?),
        ("ASTERISM_ANALYST_KEY", key::role(data, "analyst")?),
        ("ASTERISM_EDGE_KEY", edge.clone()),
    ];
    let mut specs = Vec::new();
    for (service, own) in services.iter().zip(&ports) {
        let domain = service.domain.as_str();
        let others = addresses.iter().filter(|(other, _)| *other != domain);
        let mut env: Vec<_> =
            others.map(|(other, address)| (address_variable(other), address.clone())).collect();
        env.push(("ASTERISM_DATA_DIR".to_owned(), path(domain)));
        env.push(("ASTERISM_GATEWAY_URL".to_owned(), format!("http://127.0.0.1:{port}")));
        // Each service takes what it knows; what the environment says counts for more.
        let model = model.map(Model::env).into_iter().flatten();
        let unset = model.chain(roles.clone()).filter(|(name, _)| std::env::var_os(name).is_none());
        env.extend(unset.map(|(name, value)| (name.to_owned(), value)));
        specs.push(spec(domain, &service.bin, *own, env));
    }
    let upstreams: Vec<_> =
        addresses.iter().map(|(domain, address)| format!("{domain}={address}")).collect();
    let env = [
        ("ASTERISM_DATA_DIR", path(JOURNAL_DATA)),
        ("ASTERISM_EDGE_KEY", edge.clone()),
        ("ASTERISM_EVENT_SOURCES", upstreams.join(",")),
        ("ASTERISM_GATEWAY_URL", format!("http://127.0.0.1:{port}")),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value)).to_vec();
    specs.push(spec("journal", JOURNAL_BIN, journal_port, env));
    let secret = key::session_secret(data)?.to_string_lossy().into_owned();
    let env = [
        ("ASTERISM_REGISTRY", path("registry")),
        ("ASTERISM_SHELL_DIR", path("shell")),
        ("ASTERISM_UPSTREAMS", upstreams.join(",")),
        ("ASTERISM_SESSION_SECRET_FILE", secret),
        ("ASTERISM_DATA_DIR", path(GATEWAY_DATA)),
        ("ASTERISM_EDGE_KEY", edge),
        ("ASTERISM_OVERRIDE_ORIGINS", OVERRIDES.to_owned()),
        // All visitors of a site on this machine share one address.
        ("ASTERISM_SESSIONS_PER_ADDRESS", "0".to_owned()),
        ("ASTERISM_LIMIT_EXEMPT", OWN_MACHINE.to_owned()),
        ("ASTERISM_LIMIT_DOMAIN_SESSION", BUDGETS.to_owned()),
    ];
    let env = env.map(|(name, value)| (name.to_owned(), value)).to_vec();
    specs.push(spec("gateway", GATEWAY, port, env));
    Ok(specs)
}

/// From where a developer's remote may stand in for a released one, in one tab.
const OVERRIDES: &str = "http://localhost:*,http://127.0.0.1:*";

/// No limit by address holds for it: services call each other through the gateway from here, too.
const OWN_MACHINE: &str = "127.0.0.0/8,::1";

/// What one visitor may ask of the services that work hardest.
const BUDGETS: &str = "ask=600/min burst 300,search=1200/min burst 600";

fn address_variable(domain: &str) -> String {
    format!("ASTERISM_{}_URL", domain.to_uppercase().replace('-', "_"))
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

#[cfg(test)]
mod tests {
    use super::address_variable;

    #[test]
    fn addresses_have_variables_that_a_shell_can_set() {
        assert_eq!(address_variable("stories"), "ASTERISM_STORIES_URL");
        assert_eq!(address_variable("ward-risk"), "ASTERISM_WARD_RISK_URL");
    }
}
