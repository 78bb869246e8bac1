//! The site that is asked.

use std::process::Stdio;

use anyhow::Context;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{
    cli::Site,
    term,
    up::state::{self, Running},
    workspace::Workspace,
};

/// A site, and its process when it was started here.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) url: String,
    /// What runs, where that is known.
    pub(super) running: Option<Running>,
    own: Option<Child>,
}

impl Asked {
    /// Takes the site of a URL, else the one that runs on the data, else starts one.
    pub(super) async fn find(
        workspace: &Workspace,
        site: &Site,
        url: Option<String>,
    ) -> anyhow::Result<Self> {
        let running = state::running(&site.data_dir(Some(workspace))?);
        if let Some(url) = url {
            let running = running.filter(|running| running.url == url);
            return Ok(Self { url, running, own: None });
        }
        if let Some(running) = running {
            return Ok(Self { url: running.url.clone(), running: Some(running), own: None });
        }
        term::note("no site runs: starting an optimised one for this");
        let data = workspace.target.join("asterism/bench-ask");
        let mut child = Command::new(std::env::current_exe()?)
            .args(["up", "--release", "--port", "0", "--data"])
            .arg(&data)
            .current_dir(&workspace.root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        // Its first line on standard output is the URL, when everything is ready.
        let stdout = child.stdout.take().context("no output")?;
        let line = BufReader::new(stdout).lines().next_line().await?;
        let url = line.context("the site did not get ready: see what `cargo asterism up` says")?;
        Ok(Self { url, running: state::running(&data), own: Some(child) })
    }

    /// Returns the resident memory of a process of the site, in kilobytes, where that can be known.
    pub(super) fn resident(&self, name: &str) -> Option<u64> {
        let processes = &self.running.as_ref()?.processes;
        let pid = processes.iter().find(|process| process.name == name)?.pid?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches("kB").trim().parse().ok()
    }

    /// Ends a site that was started for this.
    pub(super) async fn end(mut self) -> anyhow::Result<()> {
        if let Some(child) = &mut self.own {
            if let Some(pid) = child.id().and_then(|pid| i32::try_from(pid).ok()) {
                kill(Pid::from_raw(pid), Signal::SIGTERM).ok();
            }
            child.wait().await?;
        }
        Ok(())
    }
}
