//! Measurements in a browser, by the programs in `e2e`: how long a person waits (`bench-load.mjs`), what
//! hundreds of mounts leave behind (`bench-mounts.mjs`), how soon open tabs show what a rollback brought back
//! (`bench-tabs.mjs`).

use tokio::process::Command;

use crate::{
    cli::Site,
    failure::Failure,
    tools::{Cache, chromium, node_modules},
    up::state,
    workspace::Workspace,
};

/// Runs a program against a site that runs.
pub(super) async fn on_site(
    workspace: &Workspace,
    site: &Site,
    program: &str,
    url: Option<String>,
) -> anyhow::Result<()> {
    let data = site.data_dir(Some(workspace))?;
    let url =
        url.or_else(|| state::running(&data).map(|running| running.url)).ok_or_else(|| {
            Failure::new("no site runs on the data", "start one: `cargo asterism up --release`")
        })?;
    run(workspace, program, &[&url]).await
}

/// Runs a program that starts a site of its own, from what was built last.
pub(super) async fn run(workspace: &Workspace, program: &str, args: &[&str]) -> anyhow::Result<()> {
    let cache = Cache::find()?;
    let e2e = workspace.root.join("e2e");
    let chromium = chromium::ensure(&cache)?;
    node_modules::ensure(&cache, &e2e)?;
    let mut command = Command::new("node");
    command
        .arg(program)
        .args(args)
        .current_dir(&e2e)
        .env("ASTERISM_CHROMIUM", chromium)
        .env("ASTERISM_BIN", std::env::current_exe()?)
        .env("ASTERISM_ROOT", &workspace.root)
        .env("ASTERISM_TARGET", &workspace.target)
        .env("CARGO_TARGET_DIR", &workspace.target);
    for site in ["ASTERISM_DATA", "ASTERISM_REGISTRY", "ASTERISM_KEY", "ASTERISM_SIGN_KEY"] {
        command.env_remove(site);
    }
    let status = command.status().await?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::new(format!("{program} ended with {status}"), "").into()),
    }
}
