//! Building the servers.
//!
//! What is trained is optimised by what it was seen doing ([profile-guided optimisation][pgo]): a build that counts
//! is run under load (`cmd::build::gateway`), and the next one is laid out by the counts. Both are optimised and in
//! folders of their own, because all that they are made of is compiled with other flags.
//!
//! [pgo]: https://doc.rust-lang.org/rustc/profile-guided-optimization.html

use std::{
    collections::BTreeSet,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

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
    /// Counts what it does; slow.
    Counting,
    /// By what was counted.
    Trained,
}

impl Profile {
    /// Returns what people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev build",
            Self::Release => "release build",
            Self::Counting => "counting build",
            Self::Trained => "trained build",
        }
    }

    /// Returns the folder that cargo builds in, in the workspace's target folder.
    fn folder(self) -> &'static str {
        match self {
            Self::Dev | Self::Release => "",
            Self::Counting => "asterism/counting",
            Self::Trained => "asterism/trained",
        }
    }

    /// Returns what rustc is told besides, of a build with flags of its own.
    fn flags(self, workspace: &Workspace) -> Option<OsString> {
        match self {
            Self::Dev | Self::Release => None,
            Self::Counting => Some("-Cprofile-generate".into()),
            Self::Trained => {
                let mut flags = OsString::from("-Cprofile-use=");
                flags.push(counts(workspace));
                Some(flags)
            }
        }
    }
}

/// Returns the file with what was counted, there or not. It is in the folder of what is made by it: cargo does not
/// see that it changes, so whoever writes another one begins with an empty folder.
pub(crate) fn counts(workspace: &Workspace) -> PathBuf {
    workspace.target.join(Profile::Trained.folder()).join("counts.profdata")
}

/// Returns where a server's program is, built or not.
pub(crate) fn program(workspace: &Workspace, profile: Profile, bin: &str) -> PathBuf {
    let folder = workspace.target.join(profile.folder());
    match profile {
        Profile::Dev => folder.join("debug").join(bin),
        Profile::Release => folder.join("release").join(bin),
        Profile::Counting | Profile::Trained => {
            folder.join(&workspace.machine).join("release").join(bin)
        }
    }
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
    compile(workspace, &packages, profile)
}

/// Builds the gateway alone.
pub(crate) fn build_gateway(workspace: &Workspace, profile: Profile) -> anyhow::Result<()> {
    compile(workspace, &[GATEWAY], profile)
}

fn compile(workspace: &Workspace, packages: &[&str], profile: Profile) -> anyhow::Result<()> {
    let mut args = vec!["--bins"];
    args.extend(packages.iter().flat_map(|package| ["--package", package]));
    if profile != Profile::Dev {
        args.push("--release");
    }
    if profile == Profile::Trained && !counts(workspace).is_file() {
        let advice = format!("`cargo asterism build {GATEWAY}` trains it");
        return Err(Failure::new("nothing was counted yet", advice).into());
    }
    let flags = profile.flags(workspace);
    if flags.is_some() {
        // Named, or what runs while it is built would have the flags too.
        args.extend(["--target", &workspace.machine]);
    }
    let folder = workspace.target.join(profile.folder());
    cargo(workspace, &args, workspace.closure(packages)?.len(), &folder, flags)
}

/// Builds the gateway, the journal and all services as `cargo test --workspace` just did.
///
/// Alone, they would use their dependencies with fewer features, and compile most of them once more.
pub(crate) fn build_with_tests(workspace: &Workspace) -> anyhow::Result<()> {
    let services = workspace.services()?;
    let packages =
        services.iter().map(|service| service.package.as_str()).chain([GATEWAY, JOURNAL]);
    let total = workspace.closure(&packages.collect::<Vec<_>>())?.len();
    cargo(workspace, &["--workspace", "--bins", "--tests"], total, &workspace.target, None)
}

fn cargo(
    workspace: &Workspace,
    args: &[&str],
    packages: usize,
    folder: &Path,
    flags: Option<OsString>,
) -> anyhow::Result<()> {
    let step = Step::counted("Building the servers", packages);
    let mut command = Command::new("cargo");
    // JSON on standard output counts what is done; what people read stays on standard error.
    command.args(["build", "--message-format=json-render-diagnostics"]).args(args);
    command.current_dir(&workspace.root).env("CARGO_TARGET_DIR", folder);
    if let Some(flags) = flags {
        command.env("CARGO_ENCODED_RUSTFLAGS", flags);
    }
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
