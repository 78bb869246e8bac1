//! Logs: readable on a terminal, JSON lines elsewhere.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts logging to standard error. `ASTERISM_LOG` filters (default `info`).
pub fn init() {
    let filter = EnvFilter::try_from_env("ASTERISM_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call finds a subscriber already there, which only tests do.
    if std::io::stderr().is_terminal() {
        builder.try_init().ok();
    } else {
        builder.json().flatten_event(true).try_init().ok();
    }
}
