//! The edge: one origin that serves the shell, the remotes and the manifest, and proxies the domains.
//!
//! [`router`] is the HTTP surface and `routes` its table. A request passes `layers` (trace context,
//! where it comes from, security headers, limits), then one of: `manifest` and `remotes` (what the registry holds),
//! `shell` (every page), `registry_api` (releases), `proxy` (a domain's service, chosen by the first path segment;
//! which of its instances answers is decided by the state machines of [`upstream`]; what one says that may be
//! shared is kept in `cache`).
//!
//! **Architecture invariant:** no word of a domain stands here. Which domains exist is configuration.
//!
//! What pages report is counted (`outcomes`), judged (`verdict`) and acted on (`auto_rollback`).
//!
//! What is changed, and by whom, stands in `audit`; who somebody is, in `identity`. Both need a data folder,
//! and the public site needs neither. What somebody may do is data (`policy`).

mod config;
mod counters;
mod current;
mod reload;
mod state;

mod breaking;
mod kept;
mod layers;
mod limits;
mod networks;
mod origin;
mod rescue;
mod routes;
mod server;
mod waiting;

mod assets;
mod events;
mod frame;
mod manifest;
mod remotes;
mod schema;
mod shell;
mod shortcuts;

mod audit;
mod identity;
mod policy;
mod registry_api;

mod auto_rollback;
mod beacons;
mod cookies;
mod outcomes;
mod session;
mod status;
pub mod verdict;

mod cache;
mod division;
mod proxy;
mod traffic;
pub mod upstream;

#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;

pub use cache::CacheLimits;
pub use config::{Changes, Config, ConfigError, ConfigErrors, Secret};
pub use identity::oidc::{OidcConfig, OidcError, RoleOf};
pub use layers::BodyLimits;
pub use limits::{Budget, Limits, Rate, RateError};
pub use networks::Networks;
pub use policy::PolicyError;
pub use routes::router;
pub use server::{
    ConnectionLimits, serve_on,
    tls::{TlsError, TlsFiles},
};
pub use state::{AppState, follow};
pub use upstream::{Timeouts, Upstreams, UpstreamsError};

use registry::RegistryError;
use server::workers::Workers;

/// A gateway that could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The registry cannot be opened.
    #[error("the registry is not usable")]
    Registry(#[from] RegistryError),
    /// The certificate cannot be used.
    #[error("no TLS: check [tls]")]
    Tls(#[from] TlsError),
    /// The secret of sessions cannot be had.
    #[error("the session secret is not usable: check ASTERISM_SESSION_SECRET_FILE")]
    Secret(#[source] std::io::Error),
    /// The audit log cannot be opened.
    #[error("the data folder is not usable: check ASTERISM_DATA_DIR")]
    Audit(#[from] ::audit::AuditError),
    /// The accounts cannot be opened.
    #[error("the accounts are not usable: check ASTERISM_DATA_DIR")]
    Accounts(#[from] accounts::AccountsError),
    /// The provider cannot be set up.
    #[error("signing in elsewhere is not usable: check [accounts.oidc]")]
    Oidc(#[from] OidcError),
    /// `ASTERISM_EDGE_KEY` cannot be sent.
    #[error("ASTERISM_EDGE_KEY has characters that no header can have")]
    EdgeKey,
    /// The policies cannot be used.
    #[error("the policies are not usable: check ASTERISM_POLICIES")]
    Policies(#[from] PolicyError),
    /// The threads that serve connections cannot be had.
    #[error("no threads to serve connections with: check ASTERISM_WORKERS")]
    Workers(#[source] std::io::Error),
    /// The socket that was handed over is none to serve on.
    #[error("the inherited socket (LISTEN_FDS) is not usable")]
    Socket(#[source] std::io::Error),
    /// The address cannot be bound.
    #[error("cannot serve")]
    Serve(#[from] service_kit::ServeError),
}

/// Serves until the process is told to stop.
///
/// # Errors
/// See [`ServeError`]. A shell that is not built yet or a registry that is empty is no error: the
/// gateway answers `/readyz` with what it waits for and goes on looking.
pub async fn serve(config: Config) -> Result<(), ServeError> {
    let listen = config.listen;
    server::descriptors::allow(config.connections.all);
    let workers = Workers::start(config.workers()).map_err(ServeError::Workers)?;
    let state = AppState::new(config)?;
    state.refresh().await;
    tokio::spawn(state::follow(state.clone()));
    tokio::spawn(reload::on_hangup(state.clone()));
    let listener = server::listen(listen).await?;
    server::serve_with(&workers, listener, state, service_kit::told_to_stop()).await;
    Ok(())
}
