//! What the handlers share, and the task that keeps it fresh.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::http::HeaderValue;
use registry::Registry;
use service_kit::Readiness;
use tokio::sync::watch;

use crate::{
    Config, ServeError, audit::Audit, auto_rollback::Watchdog, beacons::Limiter,
    division::Division, identity::Identity, manifest::Manifests, outcomes::Outcomes,
    policy::Policies, proxy::Proxy, registry_api::auth::ApiKeys, remotes::Descriptors,
    session::Sessions, shell::Shells,
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
    pub(crate) division: Arc<Division>,
    pub(crate) api_keys: Arc<ApiKeys>,
    pub(crate) audit: Audit,
    pub(crate) identity: Identity,
    /// What services believe a role by.
    pub(crate) edge_key: Option<HeaderValue>,
    pub(crate) policies: Arc<Policies>,
    pub(crate) sessions: Sessions,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) outcomes: Arc<Mutex<Outcomes>>,
    pub(crate) watchdog: Arc<Watchdog>,
    pub(crate) override_origins: Arc<[String]>,
    stop: watch::Sender<bool>,
    pub(crate) stopped: watch::Receiver<bool>,
    pub(crate) readiness: Readiness,
}

impl AppState {
    /// Opens the registry; nothing is read before [`AppState::refresh`].
    ///
    /// # Errors
    /// The registry cannot be opened or the session secret cannot be read.
    pub fn new(config: Config) -> Result<Self, ServeError> {
        let Config {
            listen: _,
            registry,
            shell_dir,
            upstreams,
            session_secret,
            data_dir,
            edge_key,
            policies,
            override_origins,
            sessions_per_address,
            rollback,
            timeouts,
        } = config;
        let (stop, stopped) = watch::channel(false);
        let registry = Registry::open(&registry)?;
        let sessions = Sessions::open(session_secret.as_deref()).map_err(ServeError::Secret)?;
        let audit = Audit::open(data_dir.as_deref(), registry.clone())?;
        let seed = sessions.derived("access tokens");
        let by_address = sessions_per_address > 0;
        let identity = Identity::open(data_dir.as_deref(), seed, by_address, audit.clone())?;
        let edge_key =
            edge_key.map(|key| HeaderValue::try_from(key).map_err(|_| ServeError::EdgeKey));
        Ok(Self {
            manifests: Arc::new(Manifests::new(registry.clone())),
            audit,
            identity,
            policies: Arc::new(Policies::open(policies.as_deref())?),
            edge_key: edge_key.transpose()?,
            api_keys: Arc::new(ApiKeys::new(registry.clone())),
            division: Arc::new(Division::new(registry.clone())),
            registry,
            descriptors: Arc::default(),
            shells: Arc::new(Shells::new(shell_dir)),
            proxy: Arc::new(Proxy::new(upstreams, timeouts, stopped.clone())),
            sessions,
            limiter: Arc::new(Limiter::new()),
            outcomes: Arc::new(Mutex::new(Outcomes::new(sessions_per_address))),
            watchdog: Arc::new(Watchdog::new(rollback)),
            override_origins: override_origins.into(),
            stop,
            stopped,
            readiness: Readiness::waiting("The gateway has just started."),
        })
    }

    /// Ends the streams that only wait.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Looks for a new revision, another division of traffic and a new shell. What cannot be read now stays as it was.
    pub async fn refresh(&self) {
        self.manifests.refresh().await;
        self.division.refresh(self.proxy.domains()).await;
        self.shells.refresh().await;
        if let Some(snapshot) = self.manifests.current() {
            self.audit.watch(snapshot.manifest.revision).await;
        }
        if self.shells.current().is_none() {
            self.readiness.set_waiting("The shell is not built yet: no shell.json in its folder.");
        } else if self.manifests.current().is_none() {
            self.readiness.set_waiting("The registry cannot be read.");
        } else {
            self.readiness.set_ready();
        }
    }
}

/// Refreshes `state` and checks the upstreams, for ever.
pub async fn follow(state: AppState) {
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let refreshed = async {
        loop {
            ticks.tick().await;
            state.refresh().await;
            state.proxy.show();
        }
    };
    tokio::join!(refreshed, state.proxy.watch());
}
