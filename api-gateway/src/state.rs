//! What the handlers share, and the task that keeps it fresh.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use registry::Registry;
use service_kit::Readiness;
use tokio::sync::watch;

use crate::{
    Config, ServeError, auto_rollback::Watchdog, beacons::Limiter, config::Changes,
    current::Current, manifest::Manifests, outcomes::Outcomes, registry_api::auth::ApiKeys,
    remotes::Descriptors, session::Sessions, shell::Shells,
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
    pub(crate) api_keys: Arc<ApiKeys>,
    pub(crate) sessions: Sessions,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) outcomes: Arc<Mutex<Outcomes>>,
    pub(crate) watchdog: Arc<Watchdog>,
    current: Arc<ArcSwap<Current>>,
    stop: watch::Sender<bool>,
    pub(crate) stopped: watch::Receiver<bool>,
    pub(crate) readiness: Readiness,
}

impl AppState {
    /// Opens the registry; nothing is read before [`AppState::refresh`].
    ///
    /// # Errors
    /// The registry cannot be opened or an HTTP client cannot be made.
    pub fn new(config: Config) -> Result<Self, ServeError> {
        let (stop, stopped) = watch::channel(false);
        let registry = Registry::open(&config.registry)?;
        let sessions = Sessions::open(config.session_secret.as_deref());
        Ok(Self {
            manifests: Arc::new(Manifests::new(registry.clone())),
            api_keys: Arc::new(ApiKeys::new(registry.clone())),
            registry,
            descriptors: Arc::default(),
            shells: Arc::new(Shells::new(config.shell_dir.clone())),
            sessions: sessions.map_err(ServeError::Secret)?,
            limiter: Arc::new(Limiter::new()),
            outcomes: Arc::new(Mutex::new(Outcomes::new(config.sessions_per_address))),
            watchdog: Arc::default(),
            current: Arc::new(ArcSwap::from_pointee(Current::new(config, None)?)),
            stop,
            stopped,
            readiness: Readiness::waiting("The gateway has just started."),
        })
    }

    /// Returns what is in force now. A request asks once.
    pub(crate) fn current(&self) -> Arc<Current> {
        self.current.load_full()
    }

    /// Takes a configuration over for all requests that begin from now on, but for what takes a restart.
    ///
    /// # Errors
    /// What it asks for cannot be made; then everything stays as it was.
    pub fn reconfigure(&self, config: Config) -> Result<Changes, ServeError> {
        let before = self.current();
        let (config, changes) = config.over(&before.config);
        let per_address = config.sessions_per_address;
        self.current.store(Arc::new(Current::new(config, Some(&before))?));
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.limit(per_address);
        Ok(changes)
    }

    /// Ends the streams that only wait.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
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
