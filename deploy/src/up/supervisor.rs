//! Keeping processes alive until told to stop.

use std::{
    process::ExitStatus,
    time::{Duration, Instant},
};

use tokio::{
    sync::{mpsc::UnboundedSender, watch},
    task::JoinSet,
};

use super::{backoff::Backoff, child::Spec};

/// Something happened to a process.
#[derive(Debug)]
pub(crate) struct Event {
    /// Its place in the list of processes.
    pub(crate) index: usize,
    pub(crate) kind: EventKind,
}

/// What happened.
#[derive(Debug)]
pub(crate) enum EventKind {
    /// It runs.
    Started { pid: u32 },
    /// It ended, and comes back.
    Ended { how: String, back_in: Duration },
}

impl Event {
    /// Returns the process, when it has just started.
    pub(crate) fn pid(&self) -> Option<u32> {
        match self.kind {
            EventKind::Started { pid } => Some(pid),
            EventKind::Ended { .. } => None,
        }
    }
}

/// Processes that are started again whenever they end.
#[derive(Debug)]
pub(crate) struct Supervisor {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Supervisor {
    /// Starts all processes.
    pub(crate) fn start(specs: &[Spec], events: &UnboundedSender<Event>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for (index, spec) in specs.iter().enumerate() {
            spec.rotate_log();
            tasks.spawn(keep_alive(index, spec.clone(), events.clone(), stopped.clone()));
        }
        Self { tasks, stop }
    }

    /// Ends all processes, gently first. Dropping the returned future half-way kills the rest.
    pub(crate) async fn stop(mut self) {
        self.stop.send(true).ok();
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn keep_alive(
    index: usize,
    spec: Spec,
    events: UnboundedSender<Event>,
    mut stopped: watch::Receiver<bool>,
) {
    let tell = |kind| events.send(Event { index, kind }).ok();
    let mut backoff = Backoff::new(Instant::now());
    loop {
        backoff.started(Instant::now());
        let how = match spec.start() {
            Err(error) => format!("{error:#}"),
            Ok(mut process) => {
                if let Some(pid) = process.pid() {
                    tell(EventKind::Started { pid });
                }
                let ended = tokio::select! {
                    status = process.wait() => Some(status),
                    () = told(&mut stopped) => None,
                };
                match ended {
                    Some(status) => describe(status),
                    None => return process.stop().await,
                }
            }
        };
        let back_in = backoff.ended(Instant::now());
        tell(EventKind::Ended { how, back_in });
        tokio::select! {
            () = tokio::time::sleep(back_in) => {}
            () = told(&mut stopped) => return,
        }
    }
}

/// Waits until the site is to end; a supervisor that is gone means that too.
async fn told(stopped: &mut watch::Receiver<bool>) {
    stopped.wait_for(|stop| *stop).await.ok();
}

fn describe(status: std::io::Result<ExitStatus>) -> String {
    match status {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    }
}
