//! What is in force: the configuration and what is made of it, replaced as one.
//!
//! Each layer and handler that a request passes takes what is in force then, and keeps it for its part: a request
//! during which something changes may be limited by the old configuration and answered by the new one, but no part
//! of it works on a mixture. What is kept is a pointer, and taking it costs next to nothing.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    Config, ServeError,
    cache::Cache,
    limits::Limiters,
    proxy::Proxy,
    server::tls::{Stamp, Tls},
};

/// A configuration and what is made of it.
#[derive(Debug)]
pub(crate) struct Current {
    pub(crate) config: Config,
    pub(crate) proxy: Arc<Proxy>,
    pub(crate) cache: Option<Arc<Cache>>,
    pub(crate) limiters: Arc<Limiters>,
    /// Looked at once for each connection.
    pub(crate) tls: Option<Tls>,
}

impl Current {
    /// Makes what is new, and takes from `before` what stays the same, with its connections and counts.
    /// `stopped` tells when the process is about to end.
    pub(crate) fn new(
        config: Config,
        before: Option<&Self>,
        stopped: &watch::Receiver<bool>,
    ) -> Result<Self, ServeError> {
        let same = |old: &&Self| {
            (&old.config.upstreams, old.config.timeouts) == (&config.upstreams, config.timeouts)
        };
        let proxy = match before.filter(same) {
            Some(old) => old.proxy.clone(),
            None => {
                let upstreams = config.upstreams.clone();
                let workers = config.workers();
                Arc::new(Proxy::new(upstreams, config.timeouts, workers, stopped.clone()))
            }
        };
        let tls = config.tls.load()?;
        let limiters = match before.filter(|old| old.config.limits == config.limits) {
            Some(old) => old.limiters.clone(),
            None => Arc::new(Limiters::new(&config.limits)),
        };
        let cache = match before.filter(|old| old.config.cache == config.cache) {
            Some(old) => old.cache.clone(),
            None => Cache::new(config.cache),
        };
        Ok(Self { config, proxy, cache, limiters, tls })
    }

    /// Tells the certificate's files from those in use; `None` when they are the same, or missing just now.
    pub(crate) fn new_certificate(&self) -> Option<Stamp> {
        let new = self.config.tls.stamp()?;
        self.tls.as_ref().is_some_and(|tls| tls.stamp != new).then_some(new)
    }
}
