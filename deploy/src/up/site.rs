//! Running the site: from the list of processes to the last one's end.

use std::{path::Path, time::Instant};

use anyhow::Context;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinSet,
};

use super::{
    child::Spec,
    ready,
    state::{Claim, Process, Running},
    supervisor::{Event, EventKind, Supervisor},
};
use crate::{
    failure::Failure,
    process,
    term::{self, Step},
};

/// A process that ended this often before the site was ready will not get better.
const TRIES: usize = 3;
/// How much of a failed process's log is shown.
const SHOWN: usize = 15;

/// Runs the processes until the terminal or the system says stop.
pub(crate) async fn run(
    claim: &Claim,
    specs: &[Spec],
    port: u16,
    data: &Path,
    begun: Instant,
) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (sender, mut events) = unbounded_channel();
    let supervisor = Supervisor::start(specs, &sender);
    let mut site = Site::new(claim, specs, port);
    let result = tokio::select! {
        result = site.watch(&mut events, data, begun) => result,
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
    };
    term::note("ending the site (again to kill it)");
    tokio::select! {
        () = supervisor.stop() => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    result
}

struct Site<'a> {
    claim: &'a Claim,
    specs: &'a [Spec],
    running: Running,
    /// How often each process ended.
    ends: Vec<usize>,
}

impl<'a> Site<'a> {
    fn new(claim: &'a Claim, specs: &'a [Spec], port: u16) -> Self {
        let process = |spec: &Spec| Process { name: spec.name.clone(), pid: None, port: spec.port };
        let running = Running {
            pid: std::process::id(),
            url: format!("http://127.0.0.1:{port}"),
            port,
            ready: false,
            processes: specs.iter().map(process).collect(),
        };
        Self { claim, specs, running, ends: vec![0; specs.len()] }
    }

    /// Never ends but by a failure.
    async fn watch(
        &mut self,
        events: &mut UnboundedReceiver<Event>,
        data: &Path,
        begun: Instant,
    ) -> anyhow::Result<()> {
        self.until_ready(events).await?;
        self.running.ready = true;
        self.claim.write(&self.running)?;
        term::note(&format!("ready after {}", term::seconds(begun.elapsed())));
        term::say(&self.running.url);
        term::note(&format!("data and logs are in {}; Ctrl-C ends it", data.display()));
        loop {
            let event = events.recv().await.context("the supervisor is gone")?;
            self.note(event)?;
        }
    }

    async fn until_ready(&mut self, events: &mut UnboundedReceiver<Event>) -> anyhow::Result<()> {
        let step = Step::counted("Starting the site", self.specs.len());
        let client = reqwest::Client::new();
        let mut waiting = JoinSet::new();
        for (index, spec) in self.specs.iter().enumerate() {
            let (client, port) = (client.clone(), spec.port);
            waiting.spawn(async move { (index, ready::wait(&client, port).await) });
        }
        while !waiting.is_empty() {
            tokio::select! {
                // First what ended: a process that cannot start must not be waited for.
                biased;
                Some(event) = events.recv() => self.note(event)?,
                Some(ready) = waiting.join_next() => {
                    let (index, ready) = ready?;
                    let spec = &self.specs[index];
                    ready.map_err(|why| not_starting(spec, &why))?;
                    step.detail(&format!("{} is ready", spec.name));
                    step.advance();
                }
            }
        }
        step.done("");
        Ok(())
    }

    fn note(&mut self, Event { index, kind }: Event) -> anyhow::Result<()> {
        let spec = &self.specs[index];
        match kind {
            EventKind::Started { pid } => {
                self.running.processes[index].pid = Some(pid);
                if self.ends[index] > 0 {
                    term::note(&format!("{} is back, process {pid}", spec.name));
                }
            }
            EventKind::Ended { how, back_in } => {
                self.running.processes[index].pid = None;
                self.ends[index] += 1;
                if !self.running.ready && self.ends[index] >= TRIES {
                    return Err(not_starting(spec, &how).into());
                }
                let wait = term::seconds(back_in);
                term::note(&format!("{} ended ({how}); it starts again in {wait}", spec.name));
            }
        }
        self.claim.write(&self.running)
    }
}

fn not_starting(spec: &Spec, why: &str) -> Failure {
    let lines = process::last_lines(&spec.log, SHOWN);
    let what = format!("{} does not start: {why}\n{lines}", spec.name);
    Failure::new(what, format!("read its log: {}", spec.log.display()))
}
