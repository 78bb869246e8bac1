//! A site that a benchmark or an attack starts for itself, so that a running one is not disturbed.

use std::{path::Path, process::Stdio};

use anyhow::Context;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{failure::Failure, process, workspace::Workspace};

/// A site that is ready.
#[derive(Debug)]
pub(in crate::cmd) struct OwnSite {
    child: Child,
    /// Where it is.
    pub(in crate::cmd) url: String,
}

impl OwnSite {
    /// Runs `up` on some data, with options, until the site is ready; what it prints on the way goes to
    /// `progress`.
    pub(in crate::cmd) async fn start(
        workspace: &Workspace,
        data: &Path,
        options: &[&str],
        progress: Stdio,
    ) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["up", "--port", "0", "--data"])
            .arg(data)
            .args(options)
            .current_dir(&workspace.root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(progress)
            .kill_on_drop(true)
            .spawn()?;
        // Its first line on standard output is the URL, when everything is ready.
        let stdout = child.stdout.take().context("no output")?;
        match BufReader::new(stdout).lines().next_line().await? {
            Some(url) => Ok(Self { child, url }),
            None => {
                child.wait().await?;
                let advice = "see what `cargo asterism up` says";
                Err(Failure::new("the site did not get ready", advice).into())
            }
        }
    }

    /// Ends it, and waits for that.
    pub(in crate::cmd) async fn end(mut self) -> anyhow::Result<()> {
        process::ask_to_end(self.child.id());
        self.child.wait().await?;
        Ok(())
    }
}
