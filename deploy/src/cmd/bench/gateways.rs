//! Gateways over a registry of their own, for measurements: nothing of a running site is touched.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context;
use contract::ANY_NAME;
use registry::{Registry, SigningKey};

use crate::{
    build::{
        Builder,
        host::{self, Profile},
    },
    cli::Site,
    failure::Failure,
    releases::{self, Releases},
    signing,
    up::{child::Spec, key, ports, supervisor::Supervisor},
    workspace::{GATEWAY, Workspace},
};

/// How long a gateway may take to get ready.
const PATIENCE: Duration = Duration::from_secs(30);

/// Gateways that share a registry. [`Gateways::stop`] ends them.
pub(super) struct Gateways {
    pub(super) urls: Vec<String>,
    pub(super) releases: Box<dyn Releases>,
    pub(super) key: SigningKey,
    supervisor: Supervisor,
    pids: Vec<u32>,
    data: PathBuf,
}

impl Gateways {
    /// Builds and starts `count` gateways with more in their environment; changes go to the first, over HTTP
    /// and with an API key.
    pub(super) async fn start(
        workspace: &Workspace,
        builder: &Builder<'_>,
        profile: Profile,
        count: usize,
        env: &[(&str, String)],
    ) -> anyhow::Result<Self> {
        let shell = builder.shell()?;
        host::build_gateway(workspace, profile)?;
        let data = workspace.target.join(format!("asterism/bench-{}", std::process::id()));
        let registry = data.join("registry").to_string_lossy().into_owned();
        let signing = signing::make(&data.join(signing::KEY))?;
        let opened = Registry::open(&registry)?;
        opened.trust(&signing.trusted(vec![ANY_NAME.to_owned()])).await?;
        key::ensure(&data, &opened).await?;
        let ports = ports::free(count)?;
        let specs: Vec<Spec> = ports
            .iter()
            .enumerate()
            .map(|(n, port)| {
                let mut spec = spec(workspace, profile, &data, &shell, n, *port);
                let more = env.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
                spec.env.extend(more);
                spec
            })
            .collect();
        let (sender, mut events) = tokio::sync::mpsc::unbounded_channel();
        let supervisor = Supervisor::start(&specs, &sender);
        let urls: Vec<_> = ports.iter().map(|port| format!("http://127.0.0.1:{port}")).collect();
        for url in &urls {
            ready(url).await?;
        }
        let mut pids = vec![0; count];
        while let Ok(event) = events.try_recv() {
            if let Some(pid) = event.pid() {
                pids[event.index] = pid;
            }
        }
        let site =
            Site { data: Some(data.clone()), registry: urls.first().cloned(), ..Site::default() };
        let releases = releases::open(Some(workspace), &site)?;
        Ok(Self { urls, releases, key: signing, supervisor, pids, data })
    }

    /// Returns the process of the first gateway.
    pub(super) fn pid(&self) -> u32 {
        self.pids.first().copied().unwrap_or_default()
    }

    /// Ends the gateways and removes what they had.
    pub(super) async fn stop(self) -> anyhow::Result<()> {
        self.supervisor.stop().await;
        std::fs::remove_dir_all(&self.data)
            .with_context(|| format!("cannot remove {}", self.data.display()))
    }
}

fn spec(
    workspace: &Workspace,
    profile: Profile,
    data: &Path,
    shell: &Path,
    n: usize,
    port: u16,
) -> Spec {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let env = [
        ("ASTERISM_LISTEN", format!("127.0.0.1:{port}")),
        ("ASTERISM_REGISTRY", text(&data.join("registry"))),
        ("ASTERISM_SHELL_DIR", text(shell)),
    ];
    Spec {
        name: format!("gateway-{n}"),
        program: host::program(workspace, profile, GATEWAY),
        env: env.map(|(name, value)| (name.to_owned(), value)).to_vec(),
        log: data.join(format!("gateway-{n}.log")),
        port,
        socket: None,
    }
}

async fn ready(url: &str) -> anyhow::Result<()> {
    let client = reqwest::Client::new();
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let answer = client.get(format!("{url}/readyz")).send().await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let what = format!("the gateway at {url} did not get ready");
    Err(Failure::new(what, "see whether `cargo asterism up` can start it").into())
}
