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
    remotes::Descriptors, server::tls::Stamp, session::Sessions, shell::Shells,
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
    /// Held while it is replaced. What the files of a certificate were when they could not be used last.
    unusable: Arc<Mutex<Option<Stamp>>>,
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
            unusable: Arc::default(),
            stop,
            stopped,
            readiness: Readiness::waiting("The gateway has just started."),
        })
    }

    /// Returns what is in force now. A request asks once.
    pub(crate) fn current(&self) -> Arc<Current> {
        self.current.load_full()
    }

    /// Returns the configuration in force.
    #[must_use]
    pub fn config(&self) -> Config {
        self.current().config.clone()
    }

    /// Takes a configuration over for all requests that begin from now on, but for what takes a restart.
    ///
    /// # Errors
    /// What it asks for cannot be made; then everything stays as it was.
    pub fn reconfigure(&self, config: Config) -> Result<Changes, ServeError> {
        let _replacing = self.unusable.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.current();
        let (config, changes) = config.over(&before.config);
        let per_address = config.sessions_per_address;
        self.current.store(Arc::new(Current::new(config, Some(&before))?));
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        outcomes.limit(per_address);
        Ok(changes)
    }

    /// Takes over a certificate that was replaced. One that cannot be used changes nothing, and is told once.
    fn renew_certificate(&self) {
        let mut unusable = self.unusable.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.current();
        let Some(stamp) = before.new_certificate() else { return };
        if unusable.as_ref() == Some(&stamp) {
            return;
        }
        match Current::new(before.config.clone(), Some(&before)) {
            Ok(current) => {
                self.current.store(current.into());
                tracing::info!("certificate taken over");
            }
            Err(error) => {
                tracing::error!(cause = service_kit::chain(&error), "certificate not taken over");
                *unusable = Some(stamp);
            }
        }
    }

    /// Ends the streams that only wait.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Looks for a new revision, a new shell and a new certificate. What cannot be read now stays as it was.
    pub async fn refresh(&self) {
        self.manifests.refresh().await;
        self.shells.refresh().await;
        let state = self.clone();
        // A panic in it has told the log itself.
        tokio::task::spawn_blocking(move || state.renew_certificate()).await.ok();
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
