//! What the handlers share, and the task that keeps it fresh.

use std::{sync::Arc, time::Duration};

use registry::Registry;
use service_kit::Readiness;

use crate::{
    Config, ServeError, config::KeyDigest, manifest::Manifests, proxy::Proxy, remotes::Descriptors,
    shell::Shells,
};

/// How often the registry and the shell's folder are looked at.
const POLL: Duration = Duration::from_millis(500);

/// Everything that a request needs. Clones share it.
#[derive(Clone, Debug)]
pub struct AppState {
    pub(crate) registry: Registry,
    pub(crate) manifests: Arc<Manifests>,
    pub(crate) descriptors: Arc<Descriptors>,
    pub(crate) shells: Arc<Shells>,
    pub(crate) proxy: Arc<Proxy>,
    pub(crate) registry_key: Option<KeyDigest>,
    pub(crate) readiness: Readiness,
}

impl AppState {
    /// Opens the registry; nothing is read before [`AppState::refresh`].
    ///
    /// # Errors
    /// The registry cannot be opened or an HTTP client cannot be made.
    pub fn new(config: Config) -> Result<Self, ServeError> {
        let Config { listen: _, registry, shell_dir, upstreams, registry_key, timeouts } = config;
        let registry = Registry::open(&registry)?;
        Ok(Self {
            manifests: Arc::new(Manifests::new(registry.clone())),
            registry,
            descriptors: Arc::default(),
            shells: Arc::new(Shells::new(shell_dir)),
            proxy: Arc::new(Proxy::new(upstreams, timeouts)?),
            registry_key,
            readiness: Readiness::waiting("The gateway has just started."),
        })
    }

    /// Looks for a new revision and a new shell. What cannot be read now stays as it was.
    pub async fn refresh(&self) {
        self.manifests.refresh().await;
        self.shells.refresh().await;
        if self.shells.current().is_none() {
            self.readiness.set_waiting("The shell is not built yet: no shell.json in its folder.");
        } else if self.manifests.current().is_none() {
            self.readiness.set_waiting("The registry cannot be read.");
        } else {
            self.readiness.set_ready();
        }
    }
}

/// Refreshes `state` for ever.
pub(crate) async fn follow(state: AppState) {
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        state.refresh().await;
    }
}
