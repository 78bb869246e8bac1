//! How long `up` takes when there is nothing to build.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::Context;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

use crate::{failure::Failure, term, workspace::Workspace};

const RUNS: usize = 3;

pub(super) async fn run(workspace: &Workspace) -> anyhow::Result<()> {
    // A site of its own, so that a running one is not disturbed.
    let data = workspace.target.join("asterism/bench");
    term::note("once to build and to fill the stores");
    once(workspace, &data).await?;
    for _ in 0..RUNS {
        let took = once(workspace, &data).await?;
        term::say(&format!("from `up` to ready: {}", term::seconds(took)));
    }
    Ok(())
}

async fn once(workspace: &Workspace, data: &Path) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let mut child = Command::new(std::env::current_exe()?)
        .args(["up", "--port", "0", "--data"])
        .arg(data)
        .current_dir(&workspace.root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    // Its first line on standard output is the URL, when everything is ready.
    let stdout = child.stdout.take().context("no output")?;
    let line = BufReader::new(stdout).lines().next_line().await?;
    let took = begun.elapsed();
    if let Some(pid) = child.id().and_then(|pid| i32::try_from(pid).ok()) {
        kill(Pid::from_raw(pid), Signal::SIGTERM).ok();
    }
    child.wait().await?;
    let why = || Failure::new("the site did not get ready", "see what `cargo asterism up` says");
    line.map(|_| took).ok_or_else(|| why().into())
}
