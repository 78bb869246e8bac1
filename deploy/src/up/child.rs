//! One program: how it is started and how it is ended.

use std::{
    fs::{self, OpenOptions},
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use anyhow::Context;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::process::{Child, ChildStdin, Command};

/// How long a process may take to end once it was asked to. Services take up to 5 s for open requests.
const GRACE: Duration = Duration::from_secs(8);

/// What to start.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    /// The domain, or `gateway`.
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    pub(crate) env: Vec<(String, String)>,
    /// Where its output goes.
    pub(crate) log: PathBuf,
    /// Where it listens.
    pub(crate) port: u16,
}

/// A started process.
#[derive(Debug)]
pub(super) struct Started {
    child: Child,
    /// The process ends when this closes, which the death of the supervisor does too, even by SIGKILL.
    leash: Option<ChildStdin>,
}

impl Spec {
    /// Keeps the log of the run before under another name.
    pub(super) fn rotate_log(&self) {
        fs::rename(&self.log, self.log.with_added_extension("1")).ok();
    }

    /// Starts the process.
    pub(super) fn start(&self) -> anyhow::Result<Started> {
        if let Some(dir) = self.log.parent() {
            fs::create_dir_all(dir)?;
        }
        let log = OpenOptions::new().create(true).append(true).open(&self.log)?;
        let mut child = Command::new(&self.program)
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .env("ASTERISM_STOP_WITH_PARENT", "1")
            // Errors say why in words; panics keep their backtrace.
            .env("RUST_LIB_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            // A Ctrl-C in the terminal is for the supervisor, which then ends all in order.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        // Taken out, because waiting for a child closes its input.
        let leash = child.stdin.take();
        Ok(Started { child, leash })
    }
}

impl Started {
    pub(super) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits until it ends.
    pub(super) async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Asks it to end, and ends it when it does not.
    pub(super) async fn stop(mut self) {
        if let Some(pid) = self.pid().and_then(|pid| i32::try_from(pid).ok()) {
            kill(Pid::from_raw(pid), Signal::SIGTERM).ok();
        }
        self.leash = None;
        if tokio::time::timeout(GRACE, self.child.wait()).await.is_err() {
            self.child.kill().await.ok();
        }
    }
}
