//! The commands behind the steps.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{Counts, counts};
use crate::{
    process,
    term::{self, Step},
    tools::model::Model,
    workspace::Workspace,
};

/// How much of a failed suite is shown; the rest is in its log.
const SHOWN: usize = 120;

/// Runs cargo as one check.
pub(crate) fn cargo(
    step: &Step,
    workspace: &Workspace,
    name: &str,
    args: &[&str],
    env: &[(&str, &str)],
) -> anyhow::Result<Counts> {
    let mut command = cargo_command(workspace, args);
    command.envs(env.iter().copied());
    process::run(step, command, &log(workspace, name))?;
    Ok(Counts::ONE)
}

/// Runs all tests that cargo knows; `s3` is the program of an S3-compatible server.
pub(crate) fn cargo_test(
    step: &Step,
    workspace: &Workspace,
    s3: &Path,
    model: &Model,
) -> anyhow::Result<Counts> {
    let mut command = cargo_command(workspace, &["test", "--workspace", "--no-fail-fast"]);
    command.env("ASTERISM_S3_SERVER", s3).envs(model.env());
    suite(step, command, &log(workspace, "tests"), counts::cargo)
}

/// What the browser tests are told, in variables.
pub(crate) struct Browser {
    /// This program, which they start the site with.
    pub(crate) asterism: PathBuf,
    pub(crate) chromium: PathBuf,
}

/// Runs the browser tests. Everything that they need is built.
pub(crate) fn browser(
    step: &Step,
    workspace: &Workspace,
    Browser { asterism, chromium }: &Browser,
) -> anyhow::Result<Counts> {
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-reporter=spec"])
        .current_dir(workspace.root.join("e2e"))
        .env("ASTERISM_BIN", asterism)
        .env("ASTERISM_CHROMIUM", chromium)
        .env("ASTERISM_ROOT", &workspace.root)
        .env("ASTERISM_TARGET", &workspace.target)
        .env("CARGO_TARGET_DIR", &workspace.target)
        .env("NO_COLOR", "1");
    for site in ["ASTERISM_DATA", "ASTERISM_REGISTRY", "ASTERISM_KEY"] {
        command.env_remove(site);
    }
    suite(step, command, &log(workspace, "browser"), counts::node)
}

fn suite(
    step: &Step,
    command: Command,
    log: &Path,
    count: impl Fn(&str) -> Counts,
) -> anyhow::Result<Counts> {
    let status = process::watch(command, log, |line| step.detail(line))?;
    let output = String::from_utf8_lossy(&std::fs::read(log)?).into_owned();
    let counts = count(&output).with_status(status.success());
    if counts.failed > 0 {
        let mut said = counts::failures(&output, SHOWN);
        if said.is_empty() {
            said = process::last_lines(log, SHOWN);
        }
        term::note(&format!("{said}\n    the whole output: {}", log.display()));
    }
    Ok(counts)
}

fn cargo_command(workspace: &Workspace, args: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(args).current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target);
    command
}

fn log(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.target.join("asterism/logs").join(format!("test-{name}.log"))
}
