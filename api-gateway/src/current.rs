//! What is in force: the configuration and what is made of it, replaced as one.
//!
//! A request takes what is in force once and keeps it: whatever changes meanwhile, it ends as it began.

use std::sync::Arc;

use crate::{Config, ServeError, proxy::Proxy};

/// A configuration and what is made of it.
#[derive(Debug)]
pub(crate) struct Current {
    pub(crate) config: Config,
    pub(crate) proxy: Arc<Proxy>,
}

impl Current {
    /// Makes what is new, and takes from `before` what stays the same, with its connections and counts.
    pub(crate) fn new(config: Config, before: Option<&Self>) -> Result<Self, ServeError> {
        let same = |old: &&Self| {
            (&old.config.upstreams, old.config.timeouts) == (&config.upstreams, config.timeouts)
        };
        let proxy = match before.filter(same) {
            Some(old) => old.proxy.clone(),
            None => Arc::new(Proxy::new(config.upstreams.clone(), config.timeouts)?),
        };
        Ok(Self { config, proxy })
    }
}
