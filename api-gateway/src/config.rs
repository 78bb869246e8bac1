//! The configuration: what can be set, and what it is when nobody sets it.
//!
//! It is read from one TOML file, over which environment variables stand (`read`). `keys` is the table of
//! what there is; `api-gateway/asterism.toml` shows every key with its default.
//!
//! Not here: taking over a changed file while serving (`current`, `reload`).

mod changes;
mod codec;
mod document;
mod error;
mod keys;
mod read;
mod secret;

use std::{net::SocketAddr, path::PathBuf};

use crate::{
    BodyLimits, CacheLimits, ConnectionLimits, Limits, Networks, OidcConfig, Timeouts, TlsFiles,
    Upstreams, verdict::Policy,
};

pub use changes::Changes;
pub use error::{ConfigError, ConfigErrors};
pub use secret::Secret;

/// The gateway's configuration. Each field names its keys in the file; `keys` has their variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `server.listen`, default `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// `server.workers`: threads that serve connections; 0, the default, is one for each core.
    pub workers: usize,
    /// `server.registry`: a folder or a URL of the object store. Required.
    pub registry: String,
    /// `server.shell_dir`: the built shell, with `index.html` and `shell.json`. Required.
    pub shell_dir: PathBuf,
    /// `server.data_dir`: where accounts and the audit log are. Without it there are none.
    pub data_dir: Option<PathBuf>,
    /// `server.trusted_proxies`: whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. None by
    /// default.
    pub trusted_proxies: Networks,
    /// `[tls]`: certificate and key. Without them there is no TLS.
    pub tls: TlsFiles,
    /// `tls.hsts_seconds`: how long browsers come by https alone once they did; 0 does not ask for it.
    pub hsts_seconds: u32,
    /// `[upstreams]`: pools of instances by domain (docs/upstreams.md), none by default.
    pub upstreams: Upstreams,
    /// `[timeouts]`: how long upstreams may take.
    pub timeouts: Timeouts,
    /// `[cache]`: how much of the upstreams' answers is kept (docs/caching.md).
    pub cache: CacheLimits,
    /// `cors.origins`: whose pages may use `/api`, with the visitor's cookies. None by default.
    pub cors_origins: Vec<String>,
    /// `[connections]`: how many there may be, and what one may do.
    pub connections: ConnectionLimits,
    /// `[bodies]`: how large and how slow one may be.
    pub body: BodyLimits,
    /// `[limits]`: how much one caller may ask for.
    pub limits: Limits,
    /// `sessions.secret_file`: at least 32 bytes that all gateways of a site share. Without it sessions
    /// end with the process.
    pub session_secret: Option<PathBuf>,
    /// `sessions.per_address`: sessions of one network address that count for a version; 0 is no limit.
    pub sessions_per_address: usize,
    /// `accounts.edge_key`: shared with the services, which believe a role only beside it. Without it they
    /// are told none.
    pub edge_key: Option<Secret>,
    /// `accounts.passwords`: whether people sign in by a password. They do by default.
    pub passwords: bool,
    /// `[accounts.oidc]`: where else they sign in. Nowhere by default.
    pub oidc: OidcConfig,
    /// `accounts.policies`: a file of Cedar policies in place of those that are built in.
    pub policies: Option<PathBuf>,
    /// `overrides.origins`: from where a tab may load a remote in place of the released one, such as
    /// `http://localhost:*`. None by default.
    pub override_origins: Vec<String>,
    /// `rollback.automatic`: whether bad versions are taken back. On by default.
    pub auto_rollback: bool,
    /// `[rollback]`: when they are.
    pub rollback: Policy,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            workers: 0,
            registry: String::new(),
            shell_dir: PathBuf::new(),
            data_dir: None,
            trusted_proxies: Networks::default(),
            tls: TlsFiles::default(),
            hsts_seconds: 365 * 24 * 60 * 60,
            upstreams: Upstreams::default(),
            timeouts: Timeouts::default(),
            cache: CacheLimits::default(),
            cors_origins: Vec::new(),
            connections: ConnectionLimits::default(),
            body: BodyLimits::default(),
            limits: Limits::default(),
            session_secret: None,
            sessions_per_address: 5,
            edge_key: None,
            passwords: true,
            oidc: OidcConfig::default(),
            policies: None,
            override_origins: Vec::new(),
            auto_rollback: true,
            rollback: Policy::default(),
        }
    }
}

impl Config {
    /// Reads the file that `ASTERISM_CONFIG` names, or `asterism.toml` in the working folder if there is
    /// one, and the environment over it.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn load() -> Result<Self, ConfigErrors> {
        read::load(&|name| std::env::var(name).ok())
    }

    /// Returns how many threads serve connections.
    pub(crate) fn workers(&self) -> usize {
        match self.workers {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            workers => workers,
        }
    }
}
