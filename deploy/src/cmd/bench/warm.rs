//! How long `up` takes when there is nothing to build.

use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use super::own_site::OwnSite;
use crate::{term, workspace::Workspace};

const RUNS: usize = 3;

pub(super) async fn run(workspace: &Workspace) -> anyhow::Result<()> {
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
    let site = OwnSite::start(workspace, data, &[], Stdio::null()).await?;
    let took = begun.elapsed();
    site.end().await?;
    Ok(took)
}
