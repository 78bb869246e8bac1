//! One program: how it is started and how it is ended.

use std::{
    fs::{self, OpenOptions},
    net::TcpListener,
    os::fd::OwnedFd,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use tokio::process::{Child, ChildStdin, Command};

use crate::process;

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
    /// What it listens on when it does not bind the port itself (`LISTEN_FDS`): callers then wait while it is
    /// started again, in place of being refused.
    pub(crate) socket: Option<Arc<TcpListener>>,
}

/// Hands standard output over as descriptor 3, which is where a socket is looked for.
const HAND_OVER: &str = "exec 3>&1 1>&2; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\"";

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
        let (mut command, output) = match &self.socket {
            None => (Command::new(&self.program), Stdio::from(log.try_clone()?)),
            Some(socket) => {
                let mut command = Command::new("sh");
                command.args(["-c", HAND_OVER]).arg(&self.program);
                (command, Stdio::from(OwnedFd::from(socket.try_clone()?)))
            }
        };
        let mut child = command
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .env("ASTERISM_STOP_WITH_PARENT", "1")
            // Errors say why in words; panics keep their backtrace.
            .env("RUST_LIB_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(output)
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
        process::ask_to_end(self.pid());
        self.leash = None;
        if tokio::time::timeout(GRACE, self.child.wait()).await.is_err() {
            self.child.kill().await.ok();
        }
    }
}
