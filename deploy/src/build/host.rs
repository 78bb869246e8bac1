//! Building the servers.

use std::{collections::BTreeSet, path::PathBuf, process::Command};

use cargo_metadata::Message;

use crate::{
    failure::Failure,
    process,
    term::Step,
    workspace::{GATEWAY, JOURNAL, Service, Workspace},
};

/// With or without optimisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

impl Profile {
    /// Returns what people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev build",
            Self::Release => "release build",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// Returns where a server's program is, built or not.
pub(crate) fn program(workspace: &Workspace, profile: Profile, bin: &str) -> PathBuf {
    workspace.target.join(profile.folder()).join(bin)
}

/// Builds the gateway, the journal and all services.
pub(crate) fn build(
    workspace: &Workspace,
    services: &[Service],
    profile: Profile,
) -> anyhow::Result<()> {
    let packages =
        services.iter().map(|service| service.package.as_str()).chain([GATEWAY, JOURNAL]);
    let packages: Vec<&str> = packages.collect();
    let mut args = vec!["--bins"];
    args.extend(packages.iter().flat_map(|package| ["--package", package]));
    if profile == Profile::Release {
        args.push("--release");
    }
    cargo(workspace, &args, workspace.closure(&packages)?.len())
}

/// Builds the gateway, the journal and all services as `cargo test --workspace` just did.
///
/// Alone, they would use their dependencies with fewer features, and compile most of them once more.
pub(crate) fn build_with_tests(workspace: &Workspace) -> anyhow::Result<()> {
    let services = workspace.services()?;
    let packages =
        services.iter().map(|service| service.package.as_str()).chain([GATEWAY, JOURNAL]);
    let total = workspace.closure(&packages.collect::<Vec<_>>())?.len();
    cargo(workspace, &["--workspace", "--bins", "--tests"], total)
}

fn cargo(workspace: &Workspace, args: &[&str], packages: usize) -> anyhow::Result<()> {
    let step = Step::counted("Building the servers", packages);
    let mut command = Command::new("cargo");
    // JSON on standard output counts what is done; what people read stays on standard error.
    command.args(["build", "--message-format=json-render-diagnostics"]).args(args);
    command.current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target);
    let log = workspace.target.join("asterism/logs/servers.log");
    let mut seen = BTreeSet::new();
    let mut said: Vec<String> = Vec::new();
    let status = process::watch(command, &log, |line| {
        if !line.starts_with('{') {
            step.detail(line);
            said.push(line.to_owned());
        } else if let Ok(Message::CompilerArtifact(artifact)) = serde_json::from_str(line)
            && seen.insert(artifact.package_id)
        {
            step.advance();
        }
    })?;
    if !status.success() {
        let from = said.len().saturating_sub(60);
        let what = format!("the servers do not compile\n{}", said[from..].join("\n"));
        return Err(Failure::new(what, "mend what the compiler says, then try again").into());
    }
    step.done("");
    Ok(())
}
