//! How long a person waits, measured by `e2e/bench-load.mjs`.

use tokio::process::Command;

use crate::{
    cli::Site,
    failure::Failure,
    tools::{Cache, chromium, node_modules},
    up::state,
    workspace::Workspace,
};

pub(super) async fn run(
    workspace: &Workspace,
    site: &Site,
    url: Option<String>,
) -> anyhow::Result<()> {
    let data = site.data_dir(Some(workspace))?;
    let url =
        url.or_else(|| state::running(&data).map(|running| running.url)).ok_or_else(|| {
            Failure::new("no site runs on the data", "start one: `cargo asterism up --release`")
        })?;
    let cache = Cache::find()?;
    let e2e = workspace.root.join("e2e");
    let chromium = chromium::ensure(&cache)?;
    node_modules::ensure(&cache, &e2e)?;
    let mut command = Command::new("node");
    command.args(["bench-load.mjs", &url]).current_dir(&e2e).env("ASTERISM_CHROMIUM", chromium);
    let status = command.status().await?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::new(format!("bench-load.mjs ended with {status}"), "").into()),
    }
}
