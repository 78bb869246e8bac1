//! How often automatic rollback is wrong, and how soon it is right: the gateway's own simulation.

use tokio::process::Command;

use crate::{
    failure::Failure,
    workspace::{GATEWAY, Workspace},
};

const EXAMPLE: &str = "rollback_statistics";

pub(super) async fn run(workspace: &Workspace) -> anyhow::Result<()> {
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--release", "--package", GATEWAY, "--example", EXAMPLE]);
    command.current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target);
    let status = command.status().await?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::new(format!("{EXAMPLE} ended with {status}"), "").into()),
    }
}
