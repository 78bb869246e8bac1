//! The site that is hurt: its processes as `up` runs them, two gateways on one registry, a wire before each
//! service, clocks that can be set and disks that can be full.

use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, ensure};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use reqwest::Client;
use tokio::{sync::mpsc::unbounded_channel, task::JoinHandle};

use super::{
    super::{release::request, subject},
    wire::{Trouble, Wire},
};
use crate::{
    build::{Builder, host::Profile},
    cli,
    cmd::{publish, up},
    process,
    releases::{self, Releases},
    signing,
    tools::{self, Cache},
    up::{child::Spec, ports, processes, ready, supervisor::Supervisor},
    workspace::Workspace,
};

/// The gateway that visitors come to.
pub(super) const GATEWAY: &str = "gateway";
/// Another one on the same registry.
pub(super) const OTHER: &str = "gateway 2";
/// What is released meanwhile.
const NEXT: &str = "0.9.0";
const UPSTREAMS: &str = "ASTERISM_UPSTREAMS";

/// A running site.
pub(super) struct World {
    pub(super) url: String,
    pub(super) other_url: String,
    pub(super) editor: String,
    /// The first gateway, for releases.
    releases: Box<dyn Releases>,
    /// A remote and a version of it that is published and not live.
    next: (String, &'static str),
    wires: BTreeMap<String, Wire>,
    pids: Arc<Mutex<BTreeMap<String, u32>>>,
    clock: PathBuf,
    supervisor: Supervisor,
    watching: JoinHandle<()>,
    data: PathBuf,
}

impl World {
    /// Builds what is not built, and starts it all on data of its own.
    pub(super) async fn start(workspace: &Workspace, profile: Profile) -> anyhow::Result<Self> {
        let faketime = tools::faketime::ensure(&Cache::find()?)?;
        let data = workspace.target.join(format!("asterism/bench-faults-{}", std::process::id()));
        let site = cli::Site { data: Some(data.clone()), ..cli::Site::default() };
        let services = workspace.services()?;
        let model = up::prepare(workspace, &services, profile, &site, true).await?;
        let remote = subject(workspace)?;
        let built = Builder::new(workspace)?.remote(&remote, NEXT)?;
        let registry = data.join("registry").display().to_string();
        let key = signing::ensure(&data, &registry).await?;
        publish::publish(&*releases::open(Some(workspace), &site)?, &built, &key).await?;
        let sockets = [ports::listen(0)?, ports::listen(0)?];
        let [port, other_port] = [port(&sockets[0])?, port(&sockets[1])?];
        let mut specs =
            processes::list(workspace, &services, profile, &data, port, model.as_ref())?;
        let mut gateway = specs.pop().context("a site has a gateway")?;
        let mut wires = BTreeMap::new();
        let is_service = |spec: &&Spec| services.iter().any(|it| it.domain == spec.name);
        for spec in specs.iter().filter(is_service) {
            wires.insert(spec.name.clone(), Wire::to(spec.port).await?);
        }
        let upstreams: Vec<_> =
            wires.iter().map(|(name, w)| format!("{name}=http://127.0.0.1:{}", w.port)).collect();
        set(&mut gateway, UPSTREAMS, upstreams.join(","));
        let mut other = Spec { name: OTHER.to_owned(), port: other_port, ..gateway.clone() };
        set(&mut other, "ASTERISM_DATA_DIR", data.join("gateway-2").display().to_string());
        other.log = data.join("logs/gateway-2.log");
        specs.extend([gateway, other]);
        let [socket, other_socket] = sockets.map(Arc::new);
        let clock = data.join("clock");
        process::write(&clock, "+0")?;
        for spec in &mut specs {
            wrap(spec, &data)?;
            set_clock(spec, &faketime, &clock);
            spec.socket = match spec.name.as_str() {
                GATEWAY => Some(socket.clone()),
                OTHER => Some(other_socket.clone()),
                _ => None,
            };
        }
        let (sender, mut events) = unbounded_channel();
        let supervisor = Supervisor::start(&specs, &sender);
        let pids = Arc::<Mutex<BTreeMap<_, _>>>::default();
        let (names, known) =
            (specs.iter().map(|s| s.name.clone()).collect::<Vec<_>>(), pids.clone());
        let watching = tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                let name = names[event.index].clone();
                let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
                match event.pid() {
                    Some(pid) => drop(known.insert(name, pid)),
                    None => drop(known.remove(&name)),
                }
            }
        });
        let client = Client::new();
        for spec in &specs {
            let why = ready::wait(&client, spec.port).await.err();
            ensure!(why.is_none(), "{} does not get ready: {}", spec.name, why.unwrap_or_default());
        }
        let editor = crate::up::key::role(&data, "editor")?;
        let [url, other_url] = [port, other_port].map(|port| format!("http://127.0.0.1:{port}"));
        let first = cli::Site { registry: Some(url.clone()), ..site };
        let releases = releases::open(Some(workspace), &first)?;
        let next = (remote.facts.name, NEXT);
        Ok(Self {
            url,
            other_url,
            editor,
            releases,
            next,
            wires,
            pids,
            clock,
            supervisor,
            watching,
            data,
        })
    }

    /// Returns the domains that have a service.
    pub(super) fn domains(&self) -> Vec<String> {
        self.wires.keys().cloned().collect()
    }

    /// Sends a signal to a process.
    pub(super) fn signal(&self, name: &str, signal: Signal) -> anyhow::Result<()> {
        Ok(kill(Pid::from_raw(i32::try_from(self.pid(name)?)?), signal)?)
    }

    /// Makes trouble on the wire of a domain.
    pub(super) fn wire(&self, domain: &str, trouble: Trouble) {
        if let Some(wire) = self.wires.get(domain) {
            wire.trouble(trouble);
        }
    }

    /// Lets a process write no byte more, or as much as it likes again.
    pub(super) fn full_disk(&self, name: &str, full: bool) -> anyhow::Result<()> {
        // The soft limit alone: the hard one only root could raise again.
        let most = if full { "--fsize=1:" } else { "--fsize=unlimited:" };
        let Ok(pid) = self.pid(name) else {
            // It died of it. What is started in its place has no limit.
            ensure!(!full, "{name} does not run");
            return Ok(());
        };
        let pid = pid.to_string();
        let set = Command::new("prlimit").args(["--pid", &pid, most]).status();
        ensure!(set.context("cannot run prlimit")?.success(), "prlimit does not limit {name}");
        Ok(())
    }

    /// Makes a release through the first gateway.
    pub(super) async fn release(&self) -> anyhow::Result<()> {
        let (remote, version) = &self.next;
        self.releases.release(&request(remote, version), None).await?;
        Ok(())
    }

    /// Sets all clocks so many seconds off.
    pub(super) fn clock(&self, seconds: i64) -> anyhow::Result<()> {
        process::write(&self.clock, format!("{seconds:+}"))
    }

    /// Ends it and removes what it had.
    pub(super) async fn end(self) -> anyhow::Result<()> {
        self.supervisor.stop().await;
        self.watching.abort();
        fs::remove_dir_all(&self.data)
            .with_context(|| format!("cannot remove {}", self.data.display()))
    }

    fn pid(&self, name: &str) -> anyhow::Result<u32> {
        let pids = self.pids.lock().unwrap_or_else(PoisonError::into_inner);
        pids.get(name).copied().with_context(|| format!("{name} does not run"))
    }
}

fn port(socket: &TcpListener) -> anyhow::Result<u16> {
    Ok(socket.local_addr()?.port())
}

/// Replaces a variable of a process's environment.
fn set(spec: &mut Spec, name: &str, value: String) {
    spec.env.retain(|(other, _)| other != name);
    spec.env.push((name.to_owned(), value));
}

/// Who may write no more is told by the signal that ends a process, where a disk that is full is told by an
/// error: with the signal ignored it is an error here too.
fn wrap(spec: &mut Spec, data: &Path) -> anyhow::Result<()> {
    let file = data.join("programs").join(&spec.name);
    process::write(&file, format!("#!/bin/sh\ntrap '' XFSZ\nexec '{}'\n", spec.program.display()))?;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?;
    spec.program = file;
    Ok(())
}

/// Time of day only: how long something takes is measured by another clock, which nobody sets.
fn set_clock(spec: &mut Spec, library: &Path, clock: &Path) {
    set(spec, "LD_PRELOAD", library.display().to_string());
    set(spec, "FAKETIME_TIMESTAMP_FILE", clock.display().to_string());
    set(spec, "FAKETIME_CACHE_DURATION", "1".to_owned());
    set(spec, "FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned());
}
