//! What the handlers share, and the task that keeps it fresh.

use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use axum::http::HeaderValue;
use registry::Registry;
use service_kit::{EdgeKey, Readiness};
use tokio::sync::watch;

use crate::{
    Config, ServeError,
    audit::Audit,
    auto_rollback::Watchdog,
    beacons,
    config::Changes,
    current::Current,
    division::Division,
    identity::Identity,
    identity::oidc::Oidc,
    identity::services::Introductions,
    limits::Keyed,
    manifest::Manifests,
    outcomes::Outcomes,
    policy::Policies,
    registry_api::auth::ApiKeys,
    remotes::{Descriptors, Files},
    server::tls::Stamp,
    session::SessionId,
    session::Sessions,
    shell::Shells,
    status::last_changes::LastChanges,
    traffic::Traffic,
};

/// How often the registry and the shell's folder are looked at.
const POLL: Duration = Duration::from_millis(500);

/// Everything that a request needs. Clones share it, and each layer of each request makes some.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Shared>);

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// What clones of [`AppState`] share.
#[derive(Debug)]
pub struct Shared {
    pub(crate) registry: Registry,
    pub(crate) manifests: Manifests,
    pub(crate) descriptors: Descriptors,
    pub(crate) files: Files,
    pub(crate) shells: Shells,
    pub(crate) division: Division,
    pub(crate) api_keys: ApiKeys,
    pub(crate) audit: Audit,
    pub(crate) identity: Identity,
    pub(crate) oidc: Option<Oidc>,
    /// What services believe a role by.
    pub(crate) edge_key: Option<HeaderValue>,
    pub(crate) policies: Arc<Policies>,
    pub(crate) introductions: Introductions,
    pub(crate) sessions: Sessions,
    pub(crate) reports: Keyed<SessionId>,
    pub(crate) outcomes: Mutex<Outcomes>,
    pub(crate) watchdog: Watchdog,
    pub(crate) traffic: Traffic,
    pub(crate) last_changes: LastChanges,
    current: ArcSwap<Current>,
    /// Held while it is replaced. What the files of a certificate were when they could not be used last.
    unusable: Mutex<Option<Stamp>>,
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
        let (stop, stopped) = watch::channel(false);
        let registry = Registry::open(&config.registry)?;
        let sessions =
            Sessions::open(config.session_secret.as_deref()).map_err(ServeError::Secret)?;
        let data_dir = config.data_dir.as_deref();
        let audit = Audit::open(data_dir, registry.clone())?;
        let seed = sessions.derived("access tokens");
        let identity = Identity::open(data_dir, seed, audit.clone())?;
        let edge_key = config.edge_key.as_ref().map(|key| {
            EdgeKey::new(key.expose().to_owned()).header().map_err(|_| ServeError::EdgeKey)
        });
        Ok(Self(Arc::new(Shared {
            manifests: Manifests::new(registry.clone()),
            audit,
            identity,
            oidc: Oidc::open(&config.oidc, sessions.derived("openid connect"))?,
            policies: Arc::new(Policies::open(config.policies.as_deref())?),
            introductions: Introductions::default(),
            edge_key: edge_key.transpose()?,
            api_keys: ApiKeys::new(registry.clone()),
            division: Division::new(registry.clone()),
            registry,
            descriptors: Descriptors::default(),
            files: Files::default(),
            shells: Shells::new(config.shell_dir.clone()),
            sessions,
            reports: beacons::limiter(),
            outcomes: Mutex::new(Outcomes::new(config.sessions_per_address)),
            watchdog: Watchdog::default(),
            traffic: Traffic::default(),
            last_changes: LastChanges::default(),
            current: ArcSwap::from_pointee(Current::new(config, None, &stopped)?),
            unusable: Mutex::default(),
            stop,
            stopped,
            readiness: Readiness::waiting("The gateway has just started."),
        })))
    }

    /// Returns what is in force now.
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
        let current = Current::new(config, Some(&before), &self.stopped)?;
        self.division.apply(current.proxy.domains());
        self.current.store(Arc::new(current));
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
        match Current::new(before.config.clone(), Some(&before), &self.stopped) {
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

    /// Looks for a new revision, another division of traffic, a new shell and a new certificate. What cannot be
    /// read now stays as it was.
    pub async fn refresh(&self) {
        let current = self.current();
        tokio::join!(
            self.manifests.refresh(),
            self.division.refresh(current.proxy.domains()),
            self.shells.refresh(),
        );
        if current.tls.is_some() {
            let state = self.clone();
            // A panic in it has told the log itself.
            tokio::task::spawn_blocking(move || state.renew_certificate()).await.ok();
        }
        if self.shells.current().is_none() {
            self.readiness.set_waiting("The shell is not built yet: no shell.json in its folder.");
        } else if self.manifests.current().is_none() {
            self.readiness.set_waiting("The registry cannot be read.");
        } else {
            self.readiness.set_ready();
        }
    }

    /// Records in the audit log what was changed past this gateway.
    pub async fn compare_audit(&self) {
        if let Some(snapshot) = self.manifests.current() {
            self.audit.watch(snapshot.manifest.revision).await;
        }
    }

    /// Brings the gauges up to date.
    fn show(&self) {
        let current = self.current();
        current.proxy.show();
        if let Some(cache) = &current.cache {
            cache.show();
        }
        if let Some(tls) = &current.tls {
            tls.show();
        }
    }
}

/// Refreshes `state`, compares the audit log, sets the gauges and checks the upstreams, for ever. None waits for
/// another: storage and disk may take their time.
pub async fn follow(state: AppState) {
    tokio::join!(
        again_and_again(|| state.refresh()),
        again_and_again(|| state.compare_audit()),
        again_and_again(|| async { state.show() }),
        check(&state),
    );
}

async fn again_and_again<F: Future<Output = ()>>(work: impl Fn() -> F) {
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        work().await;
    }
}

/// Checks the upstreams of the configuration in force. Those of one that was replaced are left alone.
async fn check(state: &AppState) {
    loop {
        let proxy = state.current().proxy.clone();
        let replaced = async {
            while Arc::ptr_eq(&proxy, &state.current().proxy) {
                tokio::time::sleep(POLL).await;
            }
        };
        tokio::select! {
            () = replaced => {}
            () = proxy.watch() => {}
        }
    }
}
